import { useCallback, useEffect, useRef, useState } from './vendor/hooks.js';

/**
 * Loads a value now, and again `everyMs` milliseconds after each answer while the page is visible. The latest value stays
 * while the next one loads, or if it cannot be loaded.
 */
export function usePolled(load, everyMs, dependencies) {
  const [state, setState] = useState({ value: undefined, error: undefined });
  const latest = useRef(0);
  const refresh = useCallback(async () => {
    const turn = ++latest.current;
    try {
      const value = await load();
      if (turn === latest.current) setState({ value, error: undefined, at: Date.now() });
    } catch (error) {
      if (turn === latest.current) setState((before) => ({ ...before, error }));
    }
  }, dependencies);
  useEffect(() => {
    setState({ value: undefined, error: undefined });
    let timer;
    let isOver = false;
    async function poll() {
      if (!document.hidden || timer === undefined) await refresh();
      if (everyMs > 0 && !isOver) timer = setTimeout(poll, everyMs);
    }
    void poll();
    return () => {
      isOver = true;
      latest.current += 1;
      clearTimeout(timer);
    };
  }, [refresh, everyMs]);
  return { ...state, refresh };
}

/** The view and its parameters, from a hash such as `#events?id=Ev1`. */
export function useRoute(views) {
  const read = () => {
    const [name, search = ''] = location.hash.slice(1).split('?');
    return { view: views.includes(name) ? name : views[0], query: Object.fromEntries(new URLSearchParams(search)) };
  };
  const [route, setRoute] = useState(read);
  useEffect(() => {
    const onChange = () => setRoute(read());
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  return route;
}

/** Runs an action once at a time. Returns how to run it, whether it runs, and why it failed. */
export function useAction(action) {
  const [state, setState] = useState({ busy: false, error: undefined });
  async function run(...args) {
    if (state.busy) return undefined;
    setState({ busy: true, error: undefined });
    try {
      const value = await action(...args);
      setState({ busy: false, error: undefined });
      return value;
    } catch (error) {
      setState({ busy: false, error });
      return undefined;
    }
  }
  return { run, ...state };
}
