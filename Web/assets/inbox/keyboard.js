import { h } from "../dom.js";

const shortcuts = [
    ["j / k", "Next or previous conversation"], ["Enter", "Open it"], ["/", "Search"], ["n", "A note of your own, for agents"], ["r", "Write an answer"],
    ["t", "Take or release the conversation"], ["e", "Archive it, or bring it back"], ["i", "Customer card"],
    ["g c", "Inbox"], ["g p", "Approvals"], ["g a", "Activity"], ["g s", "Settings"], ["Esc", "Back"], ["?", "This list"],
];

const actions = new Map();
let prefix = "";

/** Gives a key its meaning until it is given another; returns how to take it away again. */
export function key(name, action) {
    actions.set(name, action);
    return () => actions.get(name) === action && actions.delete(name);
}

/** The list of keys as a dialog. */
export function showShortcuts() {
    const dialog = h("dialog", { class: "dialog", "aria-labelledby": "keys-title" },
        h("h2", { id: "keys-title" }, "Keys"),
        h("dl", { class: "keys" },
            shortcuts.map(([name, what]) => h("div", {}, h("dt", {}, h("kbd", {}, name)), h("dd", {}, what)))),
        h("form", { method: "dialog" }, h("button", { class: "button" }, "Close")));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
}

key("?", showShortcuts);

document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented
        || document.querySelector("dialog[open]")) return;
    const isWriting = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (isWriting && event.key !== "Escape") return;
    const name = prefix ? `${prefix} ${event.key}` : event.key;
    prefix = event.key === "g" && !prefix ? "g" : "";
    const action = actions.get(name);
    if (!action || (event.key === "Enter" && event.target.closest?.("a, button"))) return;
    event.preventDefault();
    action(event);
});
