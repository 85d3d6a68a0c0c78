// The few things that Streamlit's front end cannot be told otherwise.
// 1. Where its server is. It takes the path of a page for a place where one might be, and asks
//    there first: in vain, and with errors on the reader's console.
window.__streamlit = { BACKEND_BASE_URL: window.location.origin };
// 2. Another address begins at its top. Links inside a page change what is shown, and leave the
//    reader in the middle of it.
{
  const push = window.history.pushState;
  window.history.pushState = function (...state) {
    push.apply(this, state);
    document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  };
}
