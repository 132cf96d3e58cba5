// A button that copies a text field, and a link that copies its address. Without this script the text is selected
// and copied as any other, and the link leads to the page itself.
"use strict";

for (const field of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  const status = document.createElement("span");
  status.className = "note";
  status.setAttribute("role", "status");
  field.after(button, " ", status);

  button.addEventListener("click", async () => {
    field.focus();
    field.select();
    try {
      // Not there on a page without https: then the selection is copied.
      if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
      else if (!document.execCommand("copy")) throw new Error("refused");
      status.textContent = "Copied.";
    } catch {
      status.textContent = "The text is selected: copy it with the keyboard.";
    }
  });
}

for (const link of document.querySelectorAll("[data-copy-link]")) {
  const status = document.createElement("span");
  status.className = "note";
  status.setAttribute("role", "status");
  link.after(" ", status);

  link.addEventListener("click", async (event) => {
    // Not there on a page without https: then the link is followed, and the address bar has it.
    if (!navigator.clipboard) return;
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(link.href);
      status.textContent = "Copied.";
    } catch {
      window.location.assign(link.href);
    }
  });
}
