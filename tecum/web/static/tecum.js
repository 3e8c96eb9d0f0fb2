// Everything here is a help, never the only way: the pages work without it.
(() => {
  "use strict";

  // 1. What has to be corrected is read out, and focused, first.
  const complain = (root) => (root.id === "error-summary" ? root : root.querySelector?.("#error-summary"))?.focus();

  // 2. Keys in a queue: j and k move, o opens, x chooses, / searches. They can be switched off (WCAG 2.1.4).
  const OFF = "tecum.keys.off";
  const store = {
    off: () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } },
    set: (off) => { try { off ? localStorage.setItem(OFF, "1") : localStorage.removeItem(OFF); } catch { /* private window */ } },
  };
  const rows = () => [...document.querySelectorAll("table.rows tbody tr:not(.sep)")].filter((row) => opener(row));
  const opener = (row) => row.querySelector("a.ref[href]") ?? row.querySelector("a[href]");
  const typing = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

  const label = () => {
    for (const hint of document.querySelectorAll("[data-keys]")) {
      hint.hidden = false;
      hint.querySelector("[data-keys-on]").hidden = store.off();
      hint.querySelector("[data-keys-switch]").textContent = store.off() ? "Turn keys on" : "Turn keys off";
    }
  };
  const here = (all) => {
    const focused = all.findIndex((row) => row.contains(document.activeElement));
    return focused >= 0 ? focused : all.findIndex((row) => row.getAttribute("aria-current") === "true");
  };
  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const to = Math.min(Math.max(here(all) + step, 0), all.length - 1);
    all.forEach((row) => row.removeAttribute("aria-current"));
    all[to].setAttribute("aria-current", "true");
    opener(all[to]).focus();
    all[to].scrollIntoView({ block: "nearest" });
  };
  const current = () => { const all = rows(); return all[here(all)]; };
  const acts = {
    j: () => move(1),
    k: () => move(-1),
    o: () => { const row = current(); if (row) opener(row).click(); },
    x: () => current()?.querySelector("input[type=checkbox]")?.click(),
    "/": () => document.querySelector("form[role=search] input[type=search]")?.focus(),
  };
  document.addEventListener("keydown", (event) => {
    const act = acts[event.key];
    if (!act || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!document.querySelector("[data-keys]") || store.off() || typing(event.target)) return;
    event.preventDefault();
    act();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-keys-switch]")) return;
    store.set(!store.off());
    label();
  });

  // 3. A form is sent once: a second click on its button while the answer is awaited does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    else form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 5000); // a form whose answer is a file leaves its page standing
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

  const begin = (root) => { label(); complain(root); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => begin(document), { once: true });
  else begin(document);
  document.addEventListener("htmx:after:process", (event) => { if (event.target !== document.body) begin(event.target); });

  // 4. The printed page shows every reason, also in browsers that do not print closed disclosures.
  addEventListener("beforeprint", () => document.querySelectorAll("details.why:not([open])").forEach((why) => { why.open = true; why.dataset.printed = "1"; }));
  addEventListener("afterprint", () => document.querySelectorAll("details[data-printed]").forEach((why) => { why.open = false; delete why.dataset.printed; }));
})();
