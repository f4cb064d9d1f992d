// Goes on when every application's frame has loaded, at the latest after three seconds, and says which ones did.
(() => {
  const loaded = new Set();
  let gone = false;
  const goOn = () => {
    if (gone) return;
    gone = true;
    const form = document.forms[0];
    form.elements.namedItem('loaded').value = [...loaded].join(' ');
    form.submit();
  };
  const look = () => {
    const frames = document.querySelectorAll('iframe[data-receipt]');
    if (document.readyState !== 'loading' && loaded.size >= frames.length) goOn();
  };
  // A SAML application's frame passes several pages. It is done when it has come back here with the answer.
  const isDone = (frame) =>
    frame.dataset.answers !== 'saml' || frame.contentDocument?.querySelector('[data-told="confirmed"]') != null;
  const onLoad = (event) => {
    const frame = event.target;
    if (!(frame instanceof HTMLIFrameElement) || frame.dataset.receipt === undefined || !isDone(frame)) return;
    loaded.add(frame.dataset.receipt);
    look();
  };
  // Load events do not bubble, but they can be caught on their way down.
  document.addEventListener('load', onLoad, true);
  document.addEventListener('DOMContentLoaded', look);
  setTimeout(
    () => (document.readyState === 'loading' ? document.addEventListener('DOMContentLoaded', goOn) : goOn()),
    3000,
  );
})();
