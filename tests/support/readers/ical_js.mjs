// Reads calendars, one JSON string a line, and answers each with a line: its events as Thunderbird's parser has them.
import { createInterface } from 'node:readline';
import ICAL from 'ical.js';

function events(text) {
  ICAL.TimezoneService.reset();
  const calendar = new ICAL.Component(ICAL.parse(text));
  return calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      starts: event.startDate.toUnixTime(),
      ends: event.endDate.toUnixTime(),
      sequence: Number(component.getFirstPropertyValue('sequence')),
      status: component.getFirstPropertyValue('status'),
      summary: event.summary,
    };
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(events(JSON.parse(line))));
}
