/** Makes the built page installable and independent of the network. */

/** Called when another version of the page is ready; `reload` shows it. May be called more than once. */
export type NewVersionListener = (reload: () => void) => void;

/**
 * Starts the service worker once the page has loaded. True where the page works offline from then on; false on the
 * dev server, and where the browser has no service workers, forbids them, or could not fetch all files.
 */
export async function registerServiceWorker(onNewVersion: NewVersionListener): Promise<boolean> {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return false;
  await pageLoaded();
  const { serviceWorker } = navigator;
  try {
    // Beside the page, wherever that lies: a literal URL would be resolved against this chunk of the bundle.
    const registration = await serviceWorker.register(new URL('./sw.js', document.baseURI), { scope: './' });
    watch(registration, onNewVersion);
    await serviceWorker.ready;
    return true;
  } catch {
    return false;
  }
}

function pageLoaded(): Promise<void> {
  if (document.readyState === 'complete') return Promise.resolve();
  return new Promise((resolve) => {
    window.addEventListener(
      'load',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}

function watch(registration: ServiceWorkerRegistration, onNewVersion: NewVersionListener): void {
  const { serviceWorker } = navigator;
  let controlled = serviceWorker.controller !== null;
  let reloading = false;
  const reload = (): void => {
    const { waiting } = registration;
    reloading = true;
    if (waiting === null) location.reload();
    else waiting.postMessage('take-over');
  };
  const announce = (): void => {
    // The very first version is the page itself.
    if (registration.waiting !== null && registration.active !== null) onNewVersion(reload);
  };
  const follow = (): void => {
    registration.installing?.addEventListener('statechange', announce);
  };
  serviceWorker.addEventListener('controllerchange', () => {
    if (reloading) location.reload();
    // Another tab has taken the new version: chunks of this one are no longer kept.
    else if (controlled) onNewVersion(reload);
    controlled = true;
  });
  registration.addEventListener('updatefound', follow);
  follow();
  announce();
}
