import { h, replace } from "../dom.js";
import { all, post, remove } from "./api.js";
import { copyButton } from "./copy.js";
import { form } from "./form.js";
import { exact } from "./format.js";
import { fillWith } from "./states.js";
import { attempt } from "./toast.js";

const scopes = [
    "conversations:read", "conversations:write", "customers:read", "customers:write", "products:read", "products:write",
    "sales:read", "sales:write", "emails:read", "emails:write",
    "agents:read", "agents:write", "agent-logs:read", "events:read", "webhooks:read", "webhooks:write", "members:read", "members:write", "company:read",
        "company:write", "subscription:read",
    "subscription:write", "api-keys:read", "api-keys:write"];

/** The keys of the company's own programs. */
export function keysSettings(place, context) {
    const again = () => keysSettings(place, context);
    const shown = h("div", {});
    const list = h("div", {});
    const read = () => fillWith(list, "Loading the keys…", () => all("/api-keys"), (keys) =>
        keys.length ? h("ul", { class: "cards" }, keys.map((key) => card(key, again)))
            : h("p", { class: "hint" }, "No keys yet."));
    replace(place, shown, list, h("h3", {}, "Make a key"), form({
        submit: "Make it", saved: null,
        fields: [
            { name: "name", label: "Name", required: true, maxlength: 200, hint: "What it is for: “CRM export”." },
            { name: "scopes", label: "What it may do", type: "checks", options: scopes.map((scope) => [scope, scope]),
                value: ["conversations:read"] },
            { name: "expiresAt", label: "Expires", type: "date", hint: "Empty: never." },
        ],
        save: ({ name, scopes: chosen, expiresAt }) => post(
            "/api-keys",
            { name, scopes: chosen, expiresAt: expiresAt ? new Date(`${expiresAt}T23:59:59Z`).toISOString() : null }),
        done(key) {
            replace(shown, secret(key));
            shown.scrollIntoView({ block: "nearest" });
            read();
        },
    }));
    read();
}

function secret({ key, name }) {
    return h(
        "div", { class: "notice", role: "status" },
        h("p", {}, h("strong", {}, `The key “${name}”`), " is shown this once. Keep it where secrets are kept."),
        h("p", { class: "secret" }, h("code", {}, key), " ", copyButton(key)));
}

function card(key, again) {
    async function revoke() {
        if (confirm(`Revoke “${key.name}”? Programs that use it stop working at once.`)
            && (await attempt(() => remove(`/api-keys/${key.id}`), "Revoked."))) again();
    }
    return h("li", {}, h("div", {}, h("strong", {}, key.name), " ", h("code", {}, `${key.prefix}…`),
        h("p", { class: "hint" }, key.scopes.join(", ")),
            h("p", { class: "hint" }, `Last used: ${exact(key.lastUsedAt)}. Expires: ${exact(key.expiresAt)}.`)),
    h("button", { class: "button small danger", type: "button", on: { click: revoke } }, "Revoke"));
}
