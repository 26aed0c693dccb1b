// Moving a session on its timeline, by pointer or by arrow keys. Every preview comes from the server, and is an
// address: without this file the same is done with "Move…" and a form.
(() => {
  const main = document.querySelector("main[data-home]");
  if (!main) return;
  const home = main.dataset.home;
  const DAY = 24 * 60 * 60 * 1000;
  const PAUSE = 120;
  const find = (id) => document.getElementById(id);
  const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
  const dayOf = (text) => Math.round(Date.parse(`${text}T00:00:00Z`) / DAY);

  let asked = null; // the address that was asked for last
  let pending = null; // what waits for a pause between keys
  let shown = Promise.resolve(); // when the preview of the last wish is there
  let wish = null; // {number, day}: the session that is being moved, and where it is wanted

  async function show(address, focusOn) {
    asked = address;
    const live = find("series-live");
    live.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { headers: { "HX-Target": "series-live", Accept: "text/html" } });
      const text = await answer.text();
      if (asked !== address) return; // another wish has come between
      const made = new DOMParser().parseFromString(text, "text/html").getElementById("series-live");
      if (!answer.ok || answer.redirected || !made) {
        location.assign(address);
        return;
      }
      const scrolled = find("chart").scrollLeft;
      // Glass forgets a finger when what it touches is taken away: while something is dragged it is changed in place.
      if (drag) Idiomorph.morph(live, made);
      else live.replaceWith(made);
      find("chart").scrollLeft = scrolled;
      history.replaceState(null, "", address);
      if (focusOn) find(focusOn)?.focus({ preventScroll: true });
      if (drag) find(`handle-${drag.number}`)?.classList.add("dragged");
    } catch {
      live.removeAttribute("aria-busy"); // no network: what is shown stays
    }
  }

  const addressOf = ({ number, day }) => `${home}?move=${number}&to=${iso(day)}`;
  const discard = () => {
    const number = wish?.number;
    wish = null;
    show(home, number && `handle-${number}`);
  };

  function want(number, day, focusOn) {
    wish = { number, day };
    clearTimeout(pending);
    shown = new Promise((done) => {
      pending = setTimeout(() => show(addressOf(wish), focusOn).then(done), PAUSE);
    });
  }

  main.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && find("preview") && !event.target.closest("input")) {
      event.preventDefault();
      event.stopPropagation();
      discard();
      return;
    }
    const handle = event.target.closest?.(".handle");
    if (!handle || event.ctrlKey || event.metaKey || event.altKey) return;
    const number = Number(handle.dataset.number);
    if (event.key === "Enter" && wish?.number === number) {
      event.preventDefault();
      shown.then(() => (find("save") ?? find("discard"))?.focus());
      return;
    }
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const from = wish?.number === number ? wish.day : dayOf(handle.dataset.on);
    want(number, from + step * (event.shiftKey ? 7 : 1), handle.id);
  });

  let drag = null;
  main.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest?.(".handle");
    if (!handle || event.button !== 0) return;
    event.preventDefault(); // a link is not carried away
    const chart = find("chart").querySelector("svg");
    const scale = chart.getBoundingClientRect().width / chart.viewBox.baseVal.width;
    drag = {
      number: Number(handle.dataset.number),
      x: event.clientX,
      from: dayOf(handle.dataset.on),
      day: dayOf(handle.dataset.on),
      width: Number(chart.dataset.day) * scale,
    };
    handle.classList.add("dragged");
    handle.focus({ preventScroll: true });
  });
  addEventListener("pointermove", (event) => {
    if (!drag) return;
    const day = drag.from + Math.round((event.clientX - drag.x) / drag.width);
    if (day === drag.day) return;
    drag.day = day;
    drag.moved = true;
    want(drag.number, day, `handle-${drag.number}`);
  });
  // A finger that drags does not scroll. Parts of a drawing cannot say so in a stylesheet.
  main.addEventListener("touchmove", (event) => drag && event.preventDefault(), { passive: false });
  let justDragged = false;
  const drop = () => {
    if (!drag) return;
    justDragged = Boolean(drag.moved);
    find(`handle-${drag.number}`)?.classList.remove("dragged");
    drag = null;
    setTimeout(() => (justDragged = false));
  };
  addEventListener("pointerup", drop);
  addEventListener("pointercancel", drop);

  main.addEventListener("click", (event) => {
    if (justDragged && event.target.closest(".handle")) {
      event.preventDefault();
      return;
    }
    if (event.target.closest("#discard")) {
      event.preventDefault();
      discard();
    }
  });

  const move = new URLSearchParams(location.search);
  if (move.get("move") && move.get("to")) wish = { number: Number(move.get("move")), day: dayOf(move.get("to")) };
  const box = find("chart");
  const moved = box?.querySelector(".dot.moved, .dot.bad");
  if (find("preview") && moved && box.scrollWidth > box.clientWidth) {
    const scale = box.scrollWidth / box.querySelector("svg").viewBox.baseVal.width;
    box.scrollLeft = Number(moved.getAttribute("cx")) * scale - box.clientWidth / 2;
  }
})();
