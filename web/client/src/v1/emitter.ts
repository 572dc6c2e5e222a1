type Listener<E, K extends keyof E> = (event: CustomEvent<E[K]>) => void;
type Options = boolean | AddEventListenerOptions;

/** An EventTarget whose events and their `detail` are known by name. */
export class Emitter<Events> extends EventTarget {
    override addEventListener<K extends keyof Events & string>(type: K, listener: Listener<Events, K>, options?: Options): void;
    override addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: Options): void;
    override addEventListener(type: string, listener: unknown, options?: Options): void {
        super.addEventListener(type, listener as EventListener, options);
    }

    /** @internal */
    emit<K extends keyof Events & string>(type: K, detail: Events[K]): void {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }
}
