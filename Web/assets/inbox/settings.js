import { h, replace } from "../dom.js";
import { linkTo } from "./router.js";
import { agentsSettings } from "./settings-agents.js";
import { budgetSettings } from "./settings-budget.js";
import { companySettings } from "./settings-company.js";
import { keysSettings } from "./settings-keys.js";
import { membersSettings } from "./settings-members.js";
import { modelsSettings } from "./settings-models.js";
import { sessionsSettings } from "./settings-sessions.js";
import { toolsSettings } from "./settings-tools.js";
import { webhooksSettings } from "./settings-webhooks.js";
import { widgetSettings } from "./settings-widget.js";

const parts = [
    ["company", "Company", companySettings], ["members", "Members", membersSettings],
        ["agents", "Agents", agentsSettings], ["models", "Language model", modelsSettings],
    ["budget", "Budget", budgetSettings], ["tools", "MCP servers", toolsSettings],
    ["widget", "Web chat", widgetSettings], ["keys", "API keys", keysSettings], ["webhooks", "Webhooks", webhooksSettings],
        ["devices", "Your devices", sessionsSettings],
];

/**
 * The settings, one part at a time.
 *
 * @param {Element} main
 * @param {object} context
 * @param {string[]} rest of the place: the part's name
 */
export function settingsPage(main, context, rest) {
    const links = parts.map(
        ([name, text]) => h("a", { href: linkTo("settings", name), dataset: { part: name } }, text));
    const body = h("div", { class: "settings-body" });
    replace(main,
        h("main", { class: "page settings" }, h("h1", { tabindex: "-1" }, "Settings"),
            h("nav", { class: "tabs", "aria-label": "Settings" }, links), body));

    function show([wanted]) {
        const [name, title, part] = parts.find(([each]) => each === wanted) ?? parts[0];
        for (const link of links) {
            if (link.dataset.part === name) link.setAttribute("aria-current", "page");
            else link.removeAttribute("aria-current");
        }
        const place = h("div", {});
        replace(body, h("h2", {}, title), place);
        part(place, context);
    }
    show(rest);
    return { go: show };
}
