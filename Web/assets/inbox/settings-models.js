import { h } from "../dom.js";
import { all, call, remove } from "./api.js";
import { form } from "./form.js";
import { fillWith } from "./states.js";
import { attempt } from "./toast.js";

/** The language models that the company brought along; its agents use the first that is on. */
export function modelsSettings(place) {
    const again = () => modelsSettings(place);
    fillWith(place, "Loading the language models…", () => all("/llm-profiles"), (profiles) => [
        h("p", {}, "Agents answer by their rules without a language model; with one they understand free wording. "
            + "Any server that speaks OpenAI's chat completions will do."),
        profiles.length ? h("ul", { class: "cards" }, profiles.map((profile) => card(profile, again)))
            : h("p", { class: "hint" }, "None of your own. Agents use the server's, if it has one."),
        h("details", {}, h("summary", {}, "Bring a language model"), editor({}, again)),
    ]);
}

function card(profile, again) {
    const { id, name, model, baseUrl, enabled } = profile;
    async function drop() {
        if (confirm(`Forget “${name}” with its key?`)
            && (await attempt(() => remove(`/llm-profiles/${id}`), "Forgotten."))) again();
    }
    return h("li", { class: "tall" },
        h("div", {}, h("strong", {}, name), " ", h("span", { class: enabled ? "tag green" : "tag" }, enabled ? "On" : "Off"),
            h("p", { class: "hint" }, `${model}, at ${baseUrl}`),
            h("details", {}, h("summary", {}, "Edit", h("span", { class: "visually-hidden" }, ` ${name}`)),
                editor(profile, again))),
        h("button", { class: "button small danger", type: "button", on: { click: drop } }, "Forget"));
}

function editor(profile, again) {
    const isNew = !profile.id;
    return form({
        submit: isNew ? "Bring it" : "Save", done: again,
        fields: [
            { name: "name", label: "Name", value: profile.name, required: true, maxlength: 100 },
            { name: "baseUrl", label: "Address", type: "url", value: profile.baseUrl, required: true, maxlength: 500,
                hint: "Up to the version, such as https://llm.example.com/v1." },
            { name: "model", label: "Model", value: profile.model, required: true, maxlength: 200 },
            { name: "apiKey", label: "Key", type: "password", autocomplete: "off", maxlength: 1000,
                hint: isNew ? "Kept sealed and never shown again." : "Empty: as it is. Another address needs it anew." },
            { name: "enabled", label: "On", type: "check", value: profile.enabled ?? true },
        ],
        save: ({ apiKey, ...values }) => call(isNew ? "POST" : "PATCH", `/llm-profiles${isNew ? "" : `/${profile.id}`}`,
            { body: { ...values, ...(apiKey && { apiKey }) } }),
    });
}
