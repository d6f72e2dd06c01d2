import { h, replace } from "../dom.js";
import { all, call, get } from "./api.js";
import { copyButton } from "./copy.js";
import { form } from "./form.js";
import { fillWith } from "./states.js";
import { attempt } from "./toast.js";

/** The web chat: its tag, its looks with a live preview, who answers, and which sites may use it. */
export function widgetSettings(place, { me }) {
    const path = `/companies/${me.company.id}`;
    const load = async () => ({ ...(await call("GET", path)), agents: await all("/agents"), ...(await loadWidget()) });
    fillWith(place, "Loading the web chat…", load, ({ data, etag, agents }) => show(path, data, etag, agents));
}

function show(path, company, etag, agents) {
    let version = etag;
    const forCustomers = agents.filter((agent) => agent.enabled && agent.audience !== "internal");
    const widget = company.settings.widget ?? {};
    const given = widget.colors?.primary ?? widget.color;
    const color = /^#[0-9a-f]{6}$/i.test(given) ? given : "#0d5c4b";
    const chat = document.createElement("switchboard-chat");
    const preview = (looks) => chat.preview(
        { name: company.name, colors: { primary: looks.color }, greeting: looks.greeting, agents: forCustomers });

    const editor = form({
        submit: "Save", changed: preview, fields: fields(company.settings, widget, color, forCustomers),
        async save({ color, greeting, widgetAgent, allowedOrigins }) {
            const origins = allowedOrigins.split(/[\s,]+/).filter(Boolean);
            const looks = { colors: { primary: color }, greeting: greeting || null };
            const settings = {
                widgetAgent: widgetAgent || null, widget: { ...looks, allowedOrigins: origins.length ? origins : null } };
            const answer = await call(
                "PATCH", path, { body: { settings }, headers: version ? { "If-Match": version } : {} });
            version = answer.etag;
        },
    });
    preview({ color, greeting: widget.greeting });
    return [tag(company.widgetKey), h("div", { class: "widget-editor" }, editor,
        h("section", { "aria-label": "Preview" }, h("p", { class: "label" }, "Preview"), chat)), known(path)];
}

/** How a site tells who is signed in there, with the secret that proves it. */
function known(path) {
    const shown = h("div", {});
    const reveal = () => attempt(async () => {
        const { secret } = await get(`${path}/widget-secret`);
        replace(shown, h("p", { class: "secret" }, h("code", {}, secret), " ", copyButton(secret)));
    });
    const call = "Switchboard.identify({ externalId: \"c-1001\", name: \"Lena Ortiz\", hash: \"…\" })";
    return h("section", {}, h("h3", {}, "Customers who are signed in on your site"),
        h("p", {}, "Tell the chat who they are, and their conversations follow them from device to device:"),
        h("p", { class: "secret" }, h("code", {}, call), " ", copyButton(call)),
        h("p", { class: "hint" }, h("code", {}, "hash"), " is the hex HMAC-SHA256 of ", h("code", {}, "externalId"),
            " with the secret below. Your server makes it; the secret never goes into a page."),
        shown, h("div", { class: "actions" },
            h("button", { class: "button small", type: "button", on: { click: reveal } }, "Show the secret")));
}

function fields(settings, widget, color, agents) {
    const first = settings.widgetAgent === undefined ? "sales" : settings.widgetAgent ?? "";
    return [
        { name: "color", label: "Colour", type: "color", value: color, path: "settings.widget.colors" },
        { name: "greeting", label: "Greeting", value: widget.greeting, maxlength: 1000,
            path: "settings.widget.greeting" },
        { name: "widgetAgent", label: "Who answers first", type: "select", path: "settings.widgetAgent", value: first,
            options: [["", "Nobody: people only"], ...agents.map((agent) => [agent.name, `@${agent.name}`])] },
        { name: "allowedOrigins", label: "Sites that may use it", type: "textarea",
            path: "settings.widget.allowedOrigins", value: (widget.allowedOrigins ?? []).join("\n"),
            hint: "One origin a line, such as https://shop.example.com. Empty: every site." },
    ];
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
