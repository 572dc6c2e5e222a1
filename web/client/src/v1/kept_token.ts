/** The resume token is put down when the page goes and taken when it is back, so that a copied tab does not find it. */

interface Whose {
    token?: unknown;
    jid?: string;
}

function keyOf(url: string, { token, jid }: Whose): string {
    let hash = 0;
    for (const char of `${jid ?? ""} ${typeof token === "string" ? token : ""}`) hash = (hash * 31 + char.charCodeAt(0)) | 0;
    return `carillon ${url} ${hash}`;
}

export function keepToken(url: string, whose: Whose, token: string | undefined): void {
    try {
        if (token) sessionStorage.setItem(keyOf(url, whose), token);
    } catch {
        // Storage is off: a reload ends the calls, as the documentation says.
    }
}

export function takeToken(url: string, whose: Whose): string | undefined {
    try {
        const key = keyOf(url, whose);
        const token = sessionStorage.getItem(key) ?? undefined;
        sessionStorage.removeItem(key);
        return token;
    } catch {
        return undefined;
    }
}
