/** The resume token is put down when the page goes and taken when it is back, so that a copied tab does not find it. */
interface Whose {
    token?: unknown;
    jid?: string;
}
export declare function keepToken(url: string, whose: Whose, token: string | undefined): void;
export declare function takeToken(url: string, whose: Whose): string | undefined;
export {};
