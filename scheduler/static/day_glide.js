// What the poll brings moves nothing at once: lines that stay glide to where they now belong, so that an eye can follow
// them.
(() => {
  const GLIDE = 200;
  const LINES = ".rail section, .rail li, .rail h2, .rail .none, .counts li, .views > a";
  const isStill = matchMedia("(prefers-reduced-motion: reduce)");
  let before = new Map();

  const isDay = (event) => event.detail.target.id === "live";

  // Where each line stands in its section, and each section in the page.
  const placed = () => new Map([...document.querySelectorAll(LINES)].map((line) => {
    const [own, around] = [line, line.parentElement.closest("section") ?? document.body].map((one) => one.getBoundingClientRect());
    return [line, { x: own.left - around.left, y: own.top - around.top }];
  }));

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isDay(event) && event.detail.shouldSwap) before = placed();
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (!isDay(event) || isStill.matches) return;
    for (const [line, now] of placed()) {
      const old = before.get(line) ?? now;
      const [x, y] = [old.x - now.x, old.y - now.y];
      if (x || y) line.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], { duration: GLIDE, easing: "ease-out" });
    }
    before = new Map();
  });
})();
