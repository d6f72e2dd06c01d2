import { Problem } from "./problem.js";

// The access token lives in memory only. The refresh token outlives a reload in this tab's storage; it changes with each
// use, and a copy of this tab learns of the change over the channel, since using an old one would end the sign-in.
const storageKey = "switchboard:refresh";
const companyKey = "switchboard:company";
const channel = "BroadcastChannel" in window ? new BroadcastChannel("switchboard:session") : null;

let current = null;
let refreshing = null;
let onEnd = () => {};

channel?.addEventListener("message", ({ data }) => {
    if (data.replaces && data.replaces === sessionStorage.getItem(storageKey)) keep(data.session);
});

function keep(session) {
    current = { token: session.token, expires: new Date(session.expiresAt).getTime() };
    sessionStorage.setItem(storageKey, session.refreshToken);
}

async function post(path, body) {
    let response;
    try {
        response = await fetch(`/api/auth/${path}`, {
            method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
                cache: "no-store",
        });
    } catch {
        throw new Problem(0);
    }
    if (!response.ok) throw await Problem.from(response);
    return response.json();
}

async function refresh() {
    const old = sessionStorage.getItem(storageKey);
    if (!old) throw new Problem(401, { detail: "Sign in, please." });
    try {
        const session = await post("refresh", { refreshToken: old });
        keep(session);
        channel?.postMessage({ replaces: old, session });
    } catch (problem) {
        if (problem.status === 401 || problem.status === 400) end();
        throw problem;
    }
}

/** One refresh at a time, over all tabs where the browser can arrange it. */
function exclusively(work) {
    return navigator.locks ? navigator.locks.request("switchboard:refresh", work) : work();
}

/** Whether a sign-in of before can be taken up. */
export const mayResume = () => sessionStorage.getItem(storageKey) !== null;

/** Calls `listener` when the session has ended and a person has to sign in again. */
export const whenEnded = (listener) => (onEnd = listener);

/** Signs in by address and password. */
export async function signIn(email, password) {
    keep(await post("login", { email, password }));
}

/** Makes an account with a company of its own, and signs in. */
export async function signUp({ email, password, name, companyName }) {
    keep(await post("register", { email, password, name: name || null, companyName: companyName || null }));
}

/** The company that a person of several works for in this tab; nothing for the one of their sign-in. */
export const chosenCompany = () => sessionStorage.getItem(companyKey);

/** Works for another company from the next call on. */
export function chooseCompany(id) {
    if (id) sessionStorage.setItem(companyKey, id);
    else sessionStorage.removeItem(companyKey);
}

/**
 * A token for the next call, renewed when it is about to expire.
 *
 * @param {boolean} [renew] also when it is not
 * @returns {Promise<string>}
 */
export async function token(renew = false) {
    const stale = current?.token;
    if (!renew && current && current.expires - Date.now() > 15_000) return current.token;
    refreshing ??= exclusively(async () => {
        if (current?.token === stale || !current) await refresh();
    }).finally(() => (refreshing = null));
    await refreshing;
    return current.token;
}

/** Ends the session here, and on the server when it can be reached. */
export async function signOut() {
    if (current) {
        const headers = { Authorization: `Bearer ${current.token}`, "Content-Type": "application/json" };
        await fetch("/api/auth/logout", { method: "POST", headers, body: "{}" }).catch(() => {});
    }
    end();
}

function end() {
    current = null;
    sessionStorage.removeItem(storageKey);
    chooseCompany(null);
    onEnd();
}
