// Passkeys. Without this file, or without a browser that knows them, password and code remain.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) => {
    const plain = text.replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0)).buffer;
  };
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const keys = (list) => (list ?? []).map((key) => ({ ...key, id: bytes(key.id) }));
  const wanted = (options) => {
    const asked = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
    if (asked.user) asked.user = { ...asked.user, id: bytes(asked.user.id) };
    if (asked.excludeCredentials) asked.excludeCredentials = keys(asked.excludeCredentials);
    if (asked.allowCredentials) asked.allowCredentials = keys(asked.allowCredentials);
    return { publicKey: asked };
  };
  const answered = (credential) => {
    const given = credential.response;
    const response = { clientDataJSON: text(given.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (given[part]) response[part] = text(given[part]);
    }
    if (given.getTransports) response.transports = given.getTransports();
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  };

  const written = () => JSON.parse(document.getElementById("passkey-options").textContent);
  const fetched = async (form) => {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no options");
    return answer.json();
  };
  const ways = {
    add: async () => navigator.credentials.create(wanted(written().creation_options)),
    prove: async () => navigator.credentials.get(wanted(written().request_options)),
    "sign-in": async (form) => navigator.credentials.get(wanted((await fetched(form)).request_options)),
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const fault = form.querySelector("[data-passkey-fault]");
      if (fault) fault.hidden = true;
      try {
        form.elements.credential.value = answered(await ways[form.dataset.passkey](form));
        HTMLFormElement.prototype.submit.call(form);
      } catch {
        if (!fault) return;
        fault.textContent = "Your browser did not finish. Nothing was sent; you can try again.";
        fault.hidden = false;
      }
    }, true);
  }
})();
