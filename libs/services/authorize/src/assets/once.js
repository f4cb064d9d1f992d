// A form that is sent by a double click would be answered once, and shown the other time that it was done already.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = 'yes';
});
// Somebody who goes back may send it again.
addEventListener('pageshow', () => {
  for (const form of document.forms) delete form.dataset.sent;
});
