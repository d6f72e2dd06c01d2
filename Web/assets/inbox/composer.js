import { h } from "../dom.js";
import { Mentions } from "./mentions.js";

const mostBytes = 32 * 1024;
const drafts = (id) => `switchboard:draft:${id}`;

/**
 * Where an answer is written. Unsent text stays with its conversation over a reload.
 *
 * @param {import("./thread-data.js").ThreadData} data
 * @param {object} context
 * @param {(text: string) => void} send
 */
export function composer(data, context, send) {
    const field = h(
        "textarea",
        { rows: "2", "aria-label": "Answer", placeholder: "Answer, or ask an @agent…",
            value: sessionStorage.getItem(drafts(data.id)) ?? "", "aria-autocomplete": "list",
            "aria-controls": "mention-list" });
    const note = h("p", { class: "composer-note hint" });
    const button = h("button", { class: "button primary", type: "submit" }, "Send");
    const mentions = new Mentions(field, () => context.directory.agents(), () => changed());
    const element = h(
        "form", { class: "composer", on: { submit } }, mentions.element, field,
        h("div", { class: "composer-bar" }, note, button));

    function changed() {
        const over = new TextEncoder().encode(field.value).length - mostBytes;
        if (field.value) sessionStorage.setItem(drafts(data.id), field.value);
        else sessionStorage.removeItem(drafts(data.id));
        button.disabled = !field.value.trim() || over > 0;
        note.textContent = over > 0 ? `Too long by ${over} bytes.` : "Enter sends, Shift+Enter begins a line.";
        note.classList.toggle("field-error", over > 0);
        field.style.height = "";
        field.style.height = `${Math.min(220, field.scrollHeight + 2)}px`;
    }

    function submit(event) {
        event.preventDefault();
        const text = field.value.trim();
        if (button.disabled) return;
        field.value = "";
        changed();
        send(text);
        field.focus();
    }

    field.addEventListener("input", () => {
        changed();
        mentions.typed();
        if (field.value) data.typed();
    });
    field.addEventListener("keydown", (event) => {
        if (mentions.key(event)) return;
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
        else if (event.key === "Escape") {
            event.stopPropagation();
            field.blur();
        }
    });
    changed();
    return { element, focus: () => field.focus() };
}
