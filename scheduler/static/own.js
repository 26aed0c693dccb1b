// Ticks of a patient's list. They stay in this browser, and are sent nowhere.
for (const box of document.querySelectorAll("[data-tick]")) {
  const key = `tick:${box.dataset.tick}`;
  box.checked = localStorage.getItem(key) === "1";
  box.addEventListener("change", () => {
    if (box.checked) localStorage.setItem(key, "1");
    else localStorage.removeItem(key);
  });
}
