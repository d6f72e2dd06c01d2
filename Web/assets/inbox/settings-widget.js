import { h } from "../dom.js";
import { all, call } from "./api.js";
import { copyButton } from "./copy.js";
import { form } from "./form.js";
import { fillWith } from "./states.js";

/** The web chat: its tag, its looks with a live preview, who answers, and which sites may use it. */
export function widgetSettings(place, { me }) {
    const path = `/companies/${me.company.id}`;
    fillWith(
        place, "Loading the web chat…",
        async () => ({ ...(await call("GET", path)), agents: await all("/agents"), ...(await loadWidget()) }),
        ({ data: company, etag, agents }) => {
        let version = etag;
        const widget = company.settings.widget ?? {};
        const preview = document.createElement("switchboard-chat");
        const show = ({ color, greeting }) => preview.preview(
            { name: company.name, colors: { primary: color }, greeting,
                agents: agents.filter((agent) => agent.enabled) });
        const saved = widget.colors?.primary ?? widget.color;
        const colour = /^#[0-9a-f]{6}$/i.test(saved) ? saved : "#0d5c4b";
        const editor = form({
            submit: "Save", changed: show,
            fields: [
                { name: "color", label: "Colour", type: "color", value: colour, path: "settings.widget.colors" },
                { name: "greeting", label: "Greeting", value: widget.greeting, maxlength: 1000,
                    path: "settings.widget.greeting" },
                { name: "widgetAgent", label: "Who answers first", type: "select", path: "settings.widgetAgent",
                    value: company.settings.widgetAgent === undefined ? "sales" : company.settings.widgetAgent ?? "",
                    options: [
                        ["", "Nobody: people only"],
                        ...agents.filter((agent) => agent.enabled).map((agent) => [agent.name, `@${agent.name}`])] },
                { name: "allowedOrigins", label: "Sites that may use it", type: "textarea",
                    path: "settings.widget.allowedOrigins", value: (widget.allowedOrigins ?? []).join("\n"),
                    hint: "One origin a line, such as https://shop.example.com." },
            ],
            async save({ color, greeting, widgetAgent, allowedOrigins }) {
                const origins = allowedOrigins.split(/[\s,]+/).filter(Boolean);
                const settings = { widgetAgent: widgetAgent || null,
                    widget: { colors: { primary: color }, greeting: greeting || null,
                        allowedOrigins: origins.length ? origins : null } };
                const answer = await call(
                    "PATCH", path, { body: { settings }, headers: version ? { "If-Match": version } : {} });
                version = answer.etag;
            },
        });
        show({ color: colour, greeting: widget.greeting });
        return [tag(company.widgetKey),
            h("div", { class: "widget-editor" }, editor,
                h("section", { "aria-label": "Preview" }, h("p", { class: "label" }, "Preview"), preview))];
    });
}

function tag(key) {
    const text = `<script src="${location.origin}/widget.js" data-key="${key}" async></script>`;
    return h(
        "div", { class: "notice" },
        h("p", {}, "Put this line on every page where the chat should be, before ", h("code", {}, "</body>"), ":"),
        h("p", { class: "secret" }, h("code", {}, text), " ", copyButton(text)));
}

/** Without a key in its tag the script only defines the element. */
function loadWidget() {
    if (customElements.get("switchboard-chat")) return {};
    return new Promise((resolve, reject) => {
        const script = h("script", { src: "/widget.js" });
        script.addEventListener("load", () => resolve({}));
        script.addEventListener("error", () => reject(new Error("The preview could not be loaded.")));
        document.head.append(script);
    });
}
