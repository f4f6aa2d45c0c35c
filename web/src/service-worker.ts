/** With Trusted Types a script's address must come from a policy; this one allows a single address. */
export function registerServiceWorker(): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  const types = (window as { trustedTypes?: TrustedTypes }).trustedTypes;
  const policy = types?.createPolicy('darkroom', { createScriptURL: (url) => (url === '/sw.js' ? url : '') });
  addEventListener('load', register);
  if (document.readyState === 'complete') register();

  function register() {
    const address = (policy?.createScriptURL('/sw.js') ?? '/sw.js') as string;
    navigator.serviceWorker.register(address).catch(() => {
      // Private windows may refuse; the app then needs its network.
    });
  }
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): {
    createScriptURL: (url: string) => unknown;
  };
}
