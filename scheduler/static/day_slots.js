// Walking the free time of a day by keyboard: Enter in the grid begins, the arrow keys go from one free quarter of an
// hour to the next, Enter books there or pins the time to the booking that is open, and Escape leaves.
(() => {
  const { QUARTER, columns, firstMinute, lastMinute, perMinute, wall, place } = dayGrid;
  const find = (id) => document.getElementById(id);
  let at = null; // {column, minute} of the free time that has the focus
  let isKept = false; // the day comes anew, and the free time keeps the focus

  function isFree(column, minute) {
    const top = (minute - firstMinute()) * perMinute() + 1;
    const bottom = top + QUARTER * perMinute() - 2;
    return ![...columns()[column].querySelectorAll(".appt, .off")].some(
      (one) => one.offsetTop < bottom && one.offsetTop + one.offsetHeight > top,
    );
  }

  // The free quarter that is the nearest from a minute, in one direction or first later and then earlier.
  function nearest(column, minute, ways = [QUARTER, -QUARTER]) {
    for (const way of ways) {
      for (let tried = minute; tried >= firstMinute() && tried < lastMinute(); tried += way) {
        if (isFree(column, tried)) return { column, minute: tried };
      }
    }
    return null;
  }

  function draw() {
    leave();
    const column = columns()[at.column];
    const button = Object.assign(document.createElement("button"), { id: "slot", type: "button", className: "slot" });
    button.textContent = wall(at.minute);
    button.setAttribute("aria-label", `${wall(at.minute)}, ${dayGrid.nameOf(column)}`);
    place(button, at.minute, QUARTER * 2);
    column.append(Object.assign(document.createElement("li"), { id: "slot-line" }));
    find("slot-line").append(button);
    button.focus({ preventScroll: true });
    button.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  const leave = () => find("slot-line")?.remove();

  // The time that the grid is scrolled to, or the present one.
  function begin() {
    const top = Math.ceil((firstMinute() + find("scroll").scrollTop / perMinute()) / QUARTER) * QUARTER;
    at = columns().map((_, column) => nearest(column, top)).find(Boolean) ?? null;
    if (at) draw();
  }

  function step(key) {
    const way = { ArrowUp: -QUARTER, ArrowDown: QUARTER }[key];
    const aside = { ArrowLeft: -1, ArrowRight: 1 }[key];
    let next = way ? nearest(at.column, at.minute + way, [way]) : null;
    for (let column = at.column + aside; aside && columns()[column] && !next; column += aside) next = nearest(column, at.minute);
    at = next ?? at;
    draw();
  }

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !dayGrid.grid() || !find("book")) return;
    const take = () => (event.preventDefault(), event.stopImmediatePropagation());
    if (event.target.id === "scroll" && event.key === "Enter" && !event.repeat) return take(), begin();
    if (event.target.id !== "slot") return;
    if (event.key.startsWith("Arrow")) return take(), step(event.key);
    if (event.key === "Enter" && event.repeat) return take();
    if (event.key === "Escape") {
      take();
      leave();
      find("scroll").focus({ preventScroll: true });
    }
  }, true);

  document.addEventListener("click", (event) => {
    if (event.target.id !== "slot") return;
    const detail = { column: columns()[at.column], minute: at.minute };
    leave();
    document.dispatchEvent(new CustomEvent("day:slot", { detail }));
  });
  document.addEventListener("focusout", (event) => event.target.id === "slot" && !isKept && setTimeout(() => document.activeElement?.id === "slot" || leave()));

  document.addEventListener("htmx:beforeSwap", (event) => {
    isKept = event.detail.target.id === "live" && document.activeElement?.id === "slot";
    if (isKept) leave();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "live" || !isKept) return;
    isKept = false;
    at = nearest(at.column, at.minute) ?? at;
    draw();
  });
})();
