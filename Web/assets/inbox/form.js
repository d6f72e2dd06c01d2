import { h, replace } from "../dom.js";
import { toast } from "./toast.js";

/**
 * A form that shows the server's words beside the fields they are about.
 *
 * @param {object} spec
 * @param {Array<object>} spec.fields `{name, label, type?, value?, hint?, options?, path?, ...attributes}`; type also
 *   `textarea`, `select`, `checks` (several of `options`), `pairs` (rows of two texts) and `check`; `path` is the field's name in the API's errors
 * @param {string} spec.submit the button's word
 * @param {(values: object) => Promise<any>} spec.save
 * @param {(result: any) => void} [spec.done]
 * @param {string|null} [spec.saved] what is said when it went well
 * @param {(values: object) => void} [spec.changed] on every change
 * @returns {HTMLFormElement}
 */
export function form({ fields, submit, save, done = () => {}, saved = "Saved.", changed = () => {} }) {
    const controls = fields.map(control);
    const general = h("p", { class: "field-error", role: "alert" });
    const button = h("button", { class: "button primary", type: "submit" }, submit);
    const values = () => Object.fromEntries(controls.map((each) => [each.field.name, each.value()]));

    async function send(event) {
        event.preventDefault();
        for (const each of controls) each.complain("");
        general.textContent = "";
        button.disabled = true;
        try {
            const result = await save(values());
            if (saved) toast(saved);
            done(result);
        } catch (problem) {
            const named = controls.filter(
                (each) => each.complain(problem.about?.(each.field.path ?? each.field.name) ?? ""));
            if (named.length === 0) general.textContent = problem.message;
            (named[0]?.input ?? button).focus();
        }
        button.disabled = false;
    }

    return h("form", { class: "form", on: { submit: send, input: () => changed(values()) } },
        controls.map((each) => each.element), general, h("div", { class: "actions" }, button));
}

let serial = 0;

function control(field) {
    const id = `f${(serial += 1)}-${field.name}`;
    const { name, label, type = "text", value, hint, options, path, ...attributes } = field;
    const note = h("p", { class: "field-error", id: `${id}-error` });
    const described = hint ? `${id}-hint ${id}-error` : `${id}-error`;
    const common = { id, name, "aria-describedby": described, ...attributes };
    const { input, read } = makers[type]?.(common, options, value) ?? makers.text(common, options, value, type);
    const complain = (text) => {
        replace(note, text && `${label} ${text}.`);
        if (text) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
        return Boolean(text);
    };
    const isGroup = type === "checks" || type === "pairs";
    const caption = isGroup ? h("legend", { class: "label" }, label) : h("label", { for: id }, label);
    const element = h(isGroup ? "fieldset" : "div", { class: type === "check" ? "field inline" : "field" },
        caption, hint && h("p", { class: "hint", id: `${id}-hint` }, hint), input, note);
    return { field, element, input, value: read, complain };
}

const makers = {
    text(common, _, value, type) {
        const input = h("input", { ...common, type, value: value ?? "" });
        return { input, read: () => input.value };
    },
    textarea(common, _, value) {
        const input = h("textarea", { rows: "4", ...common, value: value ?? "" });
        return { input, read: () => input.value };
    },
    select(common, options, value) {
        const input = h(
            "select", common,
            options.map(([word, text]) => h("option", { value: word, selected: word === (value ?? "") }, text)));
        return { input, read: () => input.value };
    },
    check(common, _, value) {
        const input = h("input", { ...common, type: "checkbox", checked: Boolean(value) });
        return { input, read: () => input.checked };
    },
    pairs({ id, name, of, maxlengths, ...rest }, _, value = []) {
        const rows = h("div", { class: "pairs" });
        const cell = (text, at) => h("textarea", { rows: at + 1, name: `${name}-${at}`, value: text,
            maxlength: maxlengths[at], placeholder: of[at], "aria-label": of[at] });
        const add = (pair) => {
            const row = h("div", { class: "pair" }, pair.map(cell), h("button", { class: "button small quiet",
                type: "button", on: { click: () => row.remove() } }, "Remove"));
            rows.append(row);
            return row;
        };
        value.forEach(add);
        const button = h("button", { class: "button small", type: "button",
            on: { click: () => add(["", ""]).querySelector("textarea").focus() } }, `Add a ${of[0].toLowerCase()}`);
        const input = h(
            "div", { id, tabindex: "-1", role: "group", "aria-describedby": rest["aria-describedby"] }, rows, button);
        const read = () => [...rows.children]
            .map((row) => [...row.querySelectorAll("textarea")].map((each) => each.value.trim()))
            .filter((pair) => pair.some(Boolean));
        return { input, read };
    },
    checks({ id, name, ...rest }, options, value = []) {
        const boxes = options.map(([word, text]) => h("label", { class: "check" },
            h("input", { type: "checkbox", name, value: word, checked: value.includes(word) }), text));
        const input = h(
            "div", { class: "checks", id, tabindex: "-1", "aria-describedby": rest["aria-describedby"] }, boxes);
        return { input, read: () => [...input.querySelectorAll("input:checked")].map((box) => box.value) };
    },
};
