// Keys, tags for polling, focus and notices of the staff's pages. Every page works without this file.
(() => {
  const find = (id) => document.getElementById(id);

  // A day that is asked for again and again: only what has changed is sent, and then put in place.
  document.addEventListener("htmx:configRequest", (event) => {
    const tag = event.target.dataset?.tag;
    if (event.target.id === "live" && tag) event.detail.headers["If-None-Match"] = `W/"${tag}"`;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 304) event.detail.shouldSwap = false;
  });

  // What was opened beside the day takes the focus, and gives it back when it is closed.
  let opener = null;
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "panel") return;
    const title = find("panel-title");
    if (title) {
      opener = find("panel").dataset.openedBy ?? opener;
      title.focus({ preventScroll: true });
    } else if (opener) find(opener)?.focus({ preventScroll: true });
  });
  if (location.search.includes("open=") && find("panel-title")) {
    opener = find("panel").dataset.openedBy ?? null;
    find("panel-title").focus({ preventScroll: true });
  }

  // The grid opens at the present hour, or where it was left.
  const scroll = find("scroll");
  if (scroll) {
    const place = `scroll:${location.pathname}`;
    const kept = sessionStorage.getItem(place);
    const now = scroll.querySelector(".times b");
    const top = kept ? Number(kept) : now ? now.offsetTop - scroll.clientHeight / 3 : 0;
    scroll.scrollTop = top;
    addEventListener("pagehide", () => sessionStorage.setItem(place, String(scroll.scrollTop)));
  }

  // A notice goes when its deed can no longer be undone.
  const toast = find("toast");
  if (toast?.dataset.seconds) setTimeout(() => toast.replaceChildren(), Number(toast.dataset.seconds) * 1000);

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print], #print")) {
      event.preventDefault();
      print();
    }
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  find("help")?.addEventListener("click", () => find("keys").showModal());

  const press = (id) => find(id)?.click();
  const arrive = () => {
    const card = document.activeElement?.closest?.(".appt");
    const button = card && find(card.id.replace("a-", "arrive-"));
    (button ?? document.querySelector('.panel [formaction$="/arrive"]'))?.click();
  };
  const KEYS = {
    "/": () => find("find")?.focus(),
    "?": () => find("keys")?.showModal(),
    b: () => press("book"),
    t: () => press("day-today"),
    ArrowLeft: () => press("day-before"),
    ArrowRight: () => press("day-after"),
    a: arrive,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const menu = document.querySelector("details.menu[open]");
    if (event.key === "Escape") {
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      } else if (!document.querySelector("dialog[open]")) press("close-panel");
      return;
    }
    if (document.body.dataset.keys === "off" || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    if (event.key.startsWith("Arrow") && event.target.closest(".scroll")) return;
    const deed = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
})();
