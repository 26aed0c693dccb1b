// Moving an appointment in the grid of a day: by pointer, or with M, the arrow keys, Enter and Escape. What a move would
// do is asked of the server at each step. Without this file the same is done with "Move…" and a form.
(() => {
  const find = (id) => document.getElementById(id);
  const { QUARTER, columns, perMinute, firstMinute, lastMinute, wall } = dayGrid;
  const PAUSE = 150;
  const LONG = 450; // milliseconds that a finger rests on an appointment before it is lifted
  const STILL = 8;
  const MOVABLE = ".appt.st-booked, .appt.st-confirmed, .appt.st-hold";
  let moving = null; // {id, day, minutes, from, at, column, columns, ghost}: what is being moved, and where to
  let pending = null;
  let asked = null;
  let answered = Promise.resolve();

  const canMove = () => find("grid")?.dataset.moves !== undefined;

  function begin(card) {
    const start = firstMinute() + Math.round((card.offsetTop - 1) / perMinute());
    const column = columns().indexOf(card.closest(".col"));
    moving = {
      id: card.id.replace("a-", ""),
      day: find("live").dataset.day,
      minutes: Number(card.dataset.minutes),
      at: start,
      from: { at: start, column },
      column,
      ghost: Object.assign(document.createElement("li"), { className: "ghost", ariaHidden: "true" }),
    };
    draw();
  }

  function draw() {
    if (!moving || !find("grid")) return;
    const all = columns();
    const { ghost, at, minutes } = moving;
    all[moving.column]?.append(ghost);
    dayGrid.place(ghost, at, minutes);
    const verdict = moving.verdict ? find("cannot")?.dataset.short ?? "" : "";
    ghost.classList.toggle("bad", moving.verdict === "no");
    ghost.textContent = `${wall(at)}–${wall(at + minutes)} ${verdict}`;
    find(`a-${moving.id}`)?.classList.add("lifted");
  }

  function step(minutes, aside) {
    const last = lastMinute() - moving.minutes;
    to(Math.max(firstMinute(), Math.min(last, moving.at + minutes)), moving.column + aside);
    moving.ghost.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function to(at, column) {
    moving.at = at;
    moving.column = Math.max(0, Math.min(columns().length - 1, column));
    moving.verdict = "";
    draw();
    clearTimeout(pending);
    answered = new Promise((done) => (pending = setTimeout(() => ask().then(done), PAUSE)));
  }

  async function ask() {
    if (!moving) return;
    const query = new URLSearchParams({ to: moving.day, at: wall(moving.at), ...dayGrid.whose(columns()[moving.column]) });
    const address = `/day/${moving.day}/move/${moving.id}?${query}`;
    asked = address;
    try {
      const answer = await fetch(address, { headers: { "HX-Target": "panel", Accept: "text/html" } });
      const text = await answer.text();
      if (asked !== address || !moving) return; // another step has come between
      const made = new DOMParser().parseFromString(text, "text/html").getElementById("panel");
      if (!made) return location.assign(address);
      find("panel").replaceWith(made);
      htmx.process(made);
      moving.verdict = made.dataset.verdict;
      draw();
    } catch {
      moving.verdict = ""; // no network: nothing is known, and nothing is saved
    }
  }

  function stop(focus) {
    if (!moving) return;
    const { id, ghost } = moving;
    clearTimeout(pending);
    asked = moving = null;
    ghost.remove();
    const card = find(`a-${id}`);
    card?.classList.remove("lifted");
    if (focus) card?.focus({ preventScroll: true });
  }

  function discard() {
    stop(true);
    if (find("panel")?.dataset.moving) find("panel").outerHTML = '<aside class="panel" id="panel" hidden></aside>';
  }

  // One press saves what moves nothing else; whatever takes others along is looked at first.
  function settle() {
    answered.then(() => {
      const save = find("save-move");
      if (!save) return find("verdict")?.scrollIntoView({ block: "nearest" });
      if (find("panel").dataset.lines === "1") save.click();
      else save.focus();
    });
  }

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const isField = event.target.closest?.("input, select, textarea");
    const take = () => (event.preventDefault(), event.stopImmediatePropagation());
    if (moving && !isField && !event.target.closest?.(".panel")) {
      const arrow = { ArrowUp: [-QUARTER, 0], ArrowDown: [QUARTER, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (arrow) return take(), step(...arrow);
      if (event.key === "Enter") return take(), event.repeat || settle();
    }
    if (moving && event.key === "Escape") return take(), discard();
    if (event.key.toLowerCase() !== "m" || isField || document.body.dataset.keys === "off" || !canMove()) return;
    const opened = find("panel")?.dataset.openedBy;
    const card = event.target.closest?.(".appt") ?? (opened && find(opened));
    if (!card?.matches(MOVABLE)) return;
    take();
    stop(false);
    card.focus({ preventScroll: true });
    begin(card);
    to(moving.at, moving.column);
  }, true);

  let grip = null; // the pointer is down on a card, and may yet only click
  addEventListener("pointerdown", (event) => {
    const card = event.target.closest?.("#grid .appt");
    if (!card?.matches(MOVABLE) || event.button || !canMove()) return;
    grip = { card, x: event.clientX, y: event.clientY, inside: event.clientY - card.getBoundingClientRect().top };
    // A finger that moves at once scrolls; one that rests lifts the appointment.
    if (event.pointerType === "touch") grip.rests = setTimeout(lift, LONG);
  });

  function lift() {
    grip.rests = null;
    grip.isDrag = true;
    stop(false);
    begin(grip.card);
  }

  function letGo() {
    clearTimeout(grip?.rests);
    if (grip?.isDrag) discard();
    grip = null;
  }

  addEventListener("pointermove", (event) => {
    if (!grip) return;
    const way = Math.hypot(event.clientX - grip.x, event.clientY - grip.y);
    if (grip.rests) return way > STILL ? letGo() : undefined;
    if (!grip.isDrag && way > 5) lift();
    if (!grip.isDrag || !moving) return;
    const all = columns();
    const over = all.findIndex((one) => event.clientX >= one.getBoundingClientRect().left && event.clientX < one.getBoundingClientRect().right);
    const y = event.clientY - grip.inside - all[0].getBoundingClientRect().top;
    const at = firstMinute() + Math.round(y / perMinute() / QUARTER) * QUARTER;
    const column = over < 0 ? moving.column : over;
    if (at !== moving.at || column !== moving.column) to(Math.max(firstMinute(), at), column);
  });
  addEventListener("pointerup", () => {
    if (grip?.isDrag) {
      const mute = (event) => (event.preventDefault(), event.stopPropagation());
      addEventListener("click", mute, { capture: true, once: true });
      setTimeout(() => removeEventListener("click", mute, { capture: true }), 50); // a finger's drag ends without a click
      const { from, at, column } = moving ?? {};
      if (moving && at === from.at && column === from.column) discard();
      else answered.then(() => (find("save-move") ?? find("panel-title"))?.focus({ preventScroll: true }));
    }
    clearTimeout(grip?.rests);
    grip = null;
  });
  addEventListener("pointercancel", letGo);
  addEventListener("touchmove", (event) => grip?.isDrag && event.preventDefault(), { passive: false });
  addEventListener("contextmenu", (event) => (grip?.isDrag || grip?.rests) && event.preventDefault());
  addEventListener("dragstart", (event) => event.target.closest?.("#grid .appt") && canMove() && event.preventDefault());

  document.addEventListener("htmx:beforeSwap", (event) => event.detail.target.id === "live" && moving?.ghost.remove());

  // The day comes anew while somebody moves: what a rival has done meanwhile is asked for at once.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!moving) return;
    if (event.detail.target.id === "live" || event.detail.elt?.id === "live") {
      draw();
      ask();
    } else if (event.detail.target.id === "panel" && find("panel")?.dataset.moving !== moving.id) stop(false);
  });
})();
