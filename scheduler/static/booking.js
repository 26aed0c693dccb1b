// Booking by keyboard: find a caller while typing, choose a plan with 1 to 5, book with Enter. The page works as plain
// forms without this file; here its parts are swapped in place and the focus is put where the next key is pressed.
(() => {
  const find = (id) => document.getElementById(id);
  const stage = () => find("booking")?.dataset.stage;
  const isAlone = () => location.pathname.startsWith("/book");
  let before = stage();
  let waits = false; // Enter was pressed before the patients that were looked for are here
  let early = null; // what is typed while the panel is still on its way

  const firstHit = () => document.querySelector("#callers .hit");
  const typed = () => find("caller")?.value.trim() ?? "";
  const shown = () => find("callers")?.dataset.q ?? "";

  function takeFirst() {
    waits = typed() !== shown();
    if (!waits) firstHit()?.click();
  }

  function takeFocus() {
    const target = { search: find("caller"), plans: document.querySelector("#plans input:checked") ?? find("what") };
    (target[stage()] ?? find("booking-title"))?.focus();
  }

  // What was booked stands in the day at once.
  function lookAtTheDay() {
    const path = find("live")?.getAttribute("hx-get");
    if (path) htmx.ajax("GET", path, { target: "#live", swap: "morph:outerHTML" });
  }

  // Beside a day the panel is opened in place. A booking that is half made is put aside first.
  function open(path) {
    if (stage() === "plans") return find("park").form.requestSubmit();
    early = "";
    htmx.ajax("GET", path, { target: "#panel", select: "#panel", swap: "outerHTML" });
  }

  function typeEarly(event) {
    if (event.key === "Enter") waits = true;
    else if (event.key === "Backspace") early = early.slice(0, -1);
    else if (event.key.length === 1) early += event.key;
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  // What was typed before the page listened is looked for now.
  function lookFor() {
    const caller = find("caller");
    if (early) caller.value = early;
    early = null;
    if (typed() !== shown()) caller.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function close() {
    find("panel").outerHTML = '<aside class="panel" id="panel" hidden></aside>';
    before = undefined;
    find("book")?.focus();
  }

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !find("panel") || isAlone()) return;
    const link = event.target.closest("a");
    const isOurs = link?.id === "book" || (link?.id === "close-panel" && find("booking"));
    if (!isOurs) return;
    event.preventDefault();
    event.stopPropagation();
    if (link.id === "book") open("/book");
    else close();
  }, true);

  // A free time that is clicked in the grid: where the click is in its column says which.
  document.addEventListener("click", (event) => {
    const column = event.target.closest?.("#grid .col");
    if (!column || event.target !== column || !find("book")) return;
    const minutes = (event.clientY - column.getBoundingClientRect().top) / dayGrid.perMinute();
    bookAt(column, dayGrid.firstMinute() + Math.floor(minutes / dayGrid.QUARTER) * dayGrid.QUARTER);
  });
  document.addEventListener("day:slot", (event) => bookAt(event.detail.column, event.detail.minute));

  function bookAt(column, minute) {
    const pin = `${find("live").dataset.day}T${dayGrid.wall(minute)}`;
    const who = dayGrid.whose(column).who ?? "";
    if (find("wishes")) pinTo(pin, who);
    else open(`/book?pin=${pin}&who=${who}`);
  }

  // It becomes a wish of the booking that is open.
  function pinTo(pin, who) {
    const form = find("wishes");
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "pin", value: pin });
    form.querySelectorAll('[name="pin"]').forEach((old) => old.remove());
    form.append(field);
    if (who && [...find("with").options].some((option) => option.value === who)) find("with").value = who;
    form.requestSubmit();
  }

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "caller-form") return;
    event.preventDefault();
    event.stopPropagation();
    takeFirst();
  }, true);

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (target.id === "booking" && [409, 422].includes(xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  document.addEventListener("htmx:afterSettle", () => {
    const after = stage();
    if (after === "search") lookFor();
    if (waits && after === "search" && typed() === shown()) takeFirst();
    const booking = find("booking");
    if (isAlone() && booking?.dataset.asked !== undefined) history.replaceState(null, "", `/book?${booking.dataset.asked}`);
    if (after === "done" && before !== "done") lookAtTheDay();
    if (after !== before) {
      if (after !== "search") waits = false;
      takeFocus();
    } else if (find("refused") || document.activeElement === document.body) takeFocus();
    before = after;
  });

  const isField = (element) => element.matches?.("input:not([type=radio], [type=checkbox]), select, textarea");

  addEventListener("keydown", (event) => {
    const isPlain = !(event.ctrlKey || event.metaKey || event.altKey);
    if (early !== null && isPlain && !event.target.closest?.("input, select, textarea")) typeEarly(event);
  }, true);

  document.addEventListener("htmx:responseError", () => (early = null));
  document.addEventListener("htmx:sendError", () => (early = null));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    // A key that is held down must not book what nobody has read yet.
    if (event.key === "Enter" && event.repeat && event.target.closest?.("#plans")) return event.preventDefault();
    if (stage() === "search" && ["ArrowDown", "ArrowUp"].includes(event.key)) return walk(event);
    if (document.body.dataset.keys === "off" || isField(event.target)) return;
    const card = /^[1-5]$/.test(event.key) && find(`plan-${event.key}`);
    if (!card) return;
    event.preventDefault();
    card.checked = true;
    card.focus();
  });

  // The arrow keys walk through the patients that were found.
  function walk(event) {
    const stops = [find("caller"), ...document.querySelectorAll("#callers .hit")];
    const place = stops.indexOf(document.activeElement);
    const next = stops[place + (event.key === "ArrowDown" ? 1 : -1)];
    if (place < 0 || !next) return;
    event.preventDefault();
    next.focus();
  }
})();
