import { Problem } from "./problem.js";
import { chosenCompany, token } from "./session.js";

/**
 * Calls the API as the person who is signed in.
 *
 * @param {string} method
 * @param {string} path below `/api`
 * @param {{body?: any, headers?: object, signal?: AbortSignal, seconds?: number}} [options]
 * @returns {Promise<{data: any, etag: string|null}>}
 * @throws {Problem}
 */
export async function call(method, path, options = {}) {
    const limit = AbortSignal.timeout((options.seconds ?? 20) * 1000);
    const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
    const response = await request(method, path, { ...options, signal });
    const data = response.status === 204 ? null : await response.json().catch(() => null);
    return { data, etag: response.headers.get("ETag") };
}

/** The raw response of a call, for streams. Renews the token once when it is refused. */
export async function request(method, path, { body, headers, signal } = {}) {
    for (let attempt = 0; ; attempt += 1) {
        const bearer = await token(attempt > 0);
        const company = chosenCompany();
        let response;
        try {
            response = await fetch(`/api${path}`, {
                method, signal, cache: "no-store", body: body === undefined ? undefined : JSON.stringify(body),
                headers: {
                    Accept: "application/json", Authorization: `Bearer ${bearer}`,
                    ...(company && { "X-Company-Id": company }),
                    ...(body !== undefined && { "Content-Type": "application/json" }), ...headers,
                },
            });
        } catch (error) {
            if (error.name === "AbortError") throw error;
            throw new Problem(0);
        }
        if (response.ok) return response;
        if (response.status !== 401 || attempt > 0) throw await Problem.from(response);
    }
}

export const get = async (path, options) => (await call("GET", path, options)).data;
export const post = async (path, body, options) => (await call("POST", path, { ...options, body })).data;
export const patch = async (path, body, options) => (await call("PATCH", path, { ...options, body })).data;
export const remove = async (path) => (await call("DELETE", path)).data;

/**
 * All rows of a list, page by page, up to a bound.
 *
 * @param {string} path with or without a query
 * @param {number} [most] rows
 */
export async function all(path, most = 1000) {
    const rows = [];
    let cursor = "";
    do {
        const page = await get(`${path}${path.includes("?") ? "&" : "?"}limit=200${cursor}`);
        rows.push(...page.data);
        cursor = page.nextCursor ? `&cursor=${encodeURIComponent(page.nextCursor)}` : "";
    } while (cursor && rows.length < most);
    return rows;
}
