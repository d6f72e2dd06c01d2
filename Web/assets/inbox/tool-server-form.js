import { call } from "./api.js";
import { form } from "./form.js";

const kinds = [["none", "Not at all"], ["bearer", "Authorization: Bearer"], ["header", "A header of its own"]];
const approvals = [["always", "Every call"], ["writes", "Calls that may change something"], ["never", "None"]];

/**
 * Adds an MCP server, or changes one. Only what is different is sent: a new address needs the secret again.
 *
 * @param {object} server empty for a new one
 * @param {() => void} done
 */
export function toolServerForm(server, done) {
    const isNew = !server.id;
    return form({
        submit: isNew ? "Add it" : "Save", done, saved: isNew ? "Added. Read its tools before you approve them." : "Saved.",
        fields: [
            { name: "name", label: "Name", value: server.name, required: true, maxlength: 200 },
            ...(isNew ? [{ name: "slug", label: "Short name", required: true, maxlength: 10, autocomplete: "off",
                hint: "Part of its tools' names: a lower-case letter, then letters, digits and hyphens." }] : []),
            { name: "url", label: "Address", type: "url", value: server.url, required: true, maxlength: 2000,
                hint: "Such as https://mcp.example.com/mcp; on the public internet." },
            { name: "authKind", label: "How Switchboard shows who it is", type: "select", options: kinds,
                value: server.authKind ?? "none" },
            { name: "authHeader", label: "Header", value: server.authHeader, maxlength: 64,
                hint: "Only for a header of its own." },
            { name: "secret", label: "Secret", type: "password", autocomplete: "off", maxlength: 4096,
                hint: isNew ? "Kept sealed and never shown again."
                    : "Empty: as it is. Another address or another way needs it anew." },
            { name: "approval", label: "What a person approves", type: "select", options: approvals,
                value: server.approval ?? "always" },
            { name: "trusted", label: "Believe it when it says that a tool only reads", type: "check",
                value: server.trusted ?? false },
            { name: "timeoutSeconds", label: "Seconds for a call", type: "number", min: "1", max: "60", step: "1",
                value: server.timeoutSeconds ?? 20, required: true },
            { name: "enabled", label: "On", type: "check", value: server.enabled ?? true },
        ],
        save: (values) => (isNew ? call("POST", "/mcp-servers", { body: filled(values) })
            : call("PATCH", `/mcp-servers/${server.id}`, { body: different(filled(values), server) })),
    });
}

function filled({ authHeader, secret, timeoutSeconds, ...values }) {
    return { ...values, timeoutSeconds: Number(timeoutSeconds),
        ...(values.authKind === "header" && { authHeader }), ...(secret && { secret }) };
}

/** Kind and header belong together, and go when either changed. */
function different(values, server) {
    const isSame = values.authKind === server.authKind && (values.authHeader ?? null) === server.authHeader;
    return Object.fromEntries(Object.entries(values).filter(([name, value]) =>
        (name === "authKind" || name === "authHeader" ? !isSame : value !== server[name])));
}
