// Goes on when every application's frame has come to its end, at the latest after three seconds, and says which ones loaded.
(() => {
  const loaded = new Set();
  const ended = new Set();
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
    if (document.readyState !== 'loading' && ended.size >= frames.length) goOn();
  };
  const end = (receipt) => {
    ended.add(receipt);
    look();
  };
  // A SAML application's frame passes several pages. Only when it has come back here with the answer it counts as loaded. A
  // page of ours that sends nothing on is an end too; one of the application is, when nothing follows it.
  const restMs = 500;
  const loads = new Map();
  const onSamlLoad = (receipt, page) => {
    const load = (loads.get(receipt) ?? 0) + 1;
    loads.set(receipt, load);
    ended.delete(receipt);
    if (page === null) return setTimeout(() => loads.get(receipt) === load && end(receipt), restMs);
    if (page.querySelector('[data-told="confirmed"]') !== null) loaded.add(receipt);
    if (page.querySelector('form') === null) end(receipt);
  };
  const onLoad = (event) => {
    const frame = event.target;
    if (!(frame instanceof HTMLIFrameElement) || frame.dataset.receipt === undefined) return;
    const { receipt, answers } = frame.dataset;
    if (answers === 'saml') return void onSamlLoad(receipt, frame.contentDocument);
    loaded.add(receipt);
    end(receipt);
  };
  // Load events do not bubble, but they can be caught on their way down.
  document.addEventListener('load', onLoad, true);
  document.addEventListener('DOMContentLoaded', look);
  setTimeout(
    () => (document.readyState === 'loading' ? document.addEventListener('DOMContentLoaded', goOn) : goOn()),
    3000,
  );
})();
