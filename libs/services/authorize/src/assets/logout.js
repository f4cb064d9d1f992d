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
  const onLoad = (event) => {
    const receipt = event.target instanceof HTMLIFrameElement ? event.target.dataset.receipt : undefined;
    if (receipt === undefined) return;
    loaded.add(receipt);
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
