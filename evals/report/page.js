const cases = [...document.querySelectorAll("details[data-outcome]")];
const text = document.getElementById("text");
const outcome = document.getElementById("outcome");
const tag = document.getElementById("tag");
const count = document.getElementById("count");
function filter() {
  const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const each of cases) {
    const all = each.textContent.toLowerCase();
    const fits =
      words.every((word) => all.includes(word)) &&
      (!outcome.value || each.dataset.outcome.split("|").includes(outcome.value)) &&
      (!tag.value || each.dataset.tags.split("|").includes(tag.value));
    each.hidden = !fits;
    shown += fits;
  }
  count.textContent = shown + " of " + cases.length + " cases";
}
for (const each of [text, outcome, tag]) each.addEventListener("input", filter);
filter();
