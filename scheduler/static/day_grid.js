// The grid of a day as numbers: its columns, the minutes of its hours, and the clock of the clinic's wall.
const dayGrid = (() => {
  const QUARTER = 15;
  const grid = () => document.getElementById("grid");
  const columns = () => [...document.querySelectorAll("#grid > .col")];
  const perMinute = () => parseFloat(getComputedStyle(grid()).getPropertyValue("--hour")) / 60;
  const firstMinute = () => {
    const label = document.querySelector("#grid .times span");
    const [hours, minutes] = label.textContent.split(":").map(Number);
    return hours * 60 + minutes - Math.round(label.offsetTop / perMinute());
  };
  const lastMinute = () => firstMinute() + Math.round(columns()[0].clientHeight / perMinute());
  const wall = (minute) => [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":");
  const keyOf = (column) => column.getAttribute("aria-labelledby").replace("c-", "");
  const nameOf = (column) => document.getElementById(column.getAttribute("aria-labelledby")).textContent.trim();
  const isByRoom = () => document.getElementById("live").dataset.by === "room";

  // Whose column it is, as an address names them: nobody for what has none.
  const whose = (column) => {
    const key = keyOf(column);
    if (key === "none") return {};
    return isByRoom() ? { room: key } : { who: key };
  };

  function place(element, minute, minutes) {
    element.style.insetBlockStart = `${(minute - firstMinute()) * perMinute() + 1}px`;
    element.style.blockSize = `${minutes * perMinute() - 2}px`;
  }

  return { QUARTER, grid, columns, perMinute, firstMinute, lastMinute, wall, nameOf, isByRoom, whose, place };
})();
