// Passkeys: the browser makes or shows one, and the form carries what it says. Without this file the form stays hidden.
{
  const READ = { create: "parseCreationOptionsFromJSON", get: "parseRequestOptionsFromJSON" };
  for (const form of document.querySelectorAll("[data-passkey]")) {
    const deed = form.dataset.passkey;
    if (!window.PublicKeyCredential?.[READ[deed]]) continue;
    form.hidden = false;
    for (const hint of document.querySelectorAll("[data-no-passkey]")) hint.hidden = true;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const told = form.querySelector("[role=alert]");
      told.hidden = true;
      try {
        const publicKey = PublicKeyCredential[READ[deed]](JSON.parse(form.dataset.options));
        const key = await navigator.credentials[deed]({ publicKey });
        form.elements.answer.value = JSON.stringify(key.toJSON());
        form.submit();
      } catch {
        told.hidden = false;
      }
    });
  }
}
