/**
 * What runs in the page of a kernel: chooses which variant's parts are shown, and lights up all that belongs to one line of
 * the source. `#data` holds the choices of each view in order, and the file names that keys begin with the numbers of.
 */
export const script = `
const { views, files } = JSON.parse(document.getElementById('data').textContent);
const form = document.getElementById('choices'), status = document.getElementById('status');
const shown = (el) => el.closest('[hidden]') === null;
let chosen;

function light(key, name) {
  for (const el of document.querySelectorAll('.' + name)) el.classList.remove(name);
  if (key !== undefined) for (const el of document.querySelectorAll('[data-k="' + key + '"]')) el.classList.add(name);
}
function rule() {
  for (const ruler of document.querySelectorAll('.ruler')) {
    const lines = ruler.previousElementSibling, height = lines.scrollHeight;
    ruler.replaceChildren(...[...lines.querySelectorAll('.chosen')].map((line) => {
      const mark = document.createElement('b');
      mark.style.top = (100 * line.offsetTop / height) + '%';
      mark.style.height = (100 * line.offsetHeight / height) + '%';
      return mark;
    }));
  }
}
function choose(key, from) {
  chosen = key;
  light(undefined, 'near');
  light(key, 'chosen');
  for (const line of document.querySelectorAll('.ln[role=option]')) line.setAttribute('aria-selected', String(line.dataset.k === key));
  rule();
  if (key === undefined) { status.textContent = status.dataset.hint; return; }
  const counts = [...document.querySelectorAll('.pane')].map((pane) => [...pane.querySelectorAll('.chosen')].filter(shown).length);
  const [file, line] = key.split(':');
  status.textContent = files[file] + ':' + line + ' is ' + counts[1] + (counts[1] === 1 ? ' line' : ' lines') + ' of the program and ' + counts[2] + ' of the generated code. Esc lets go.';
  for (const lines of document.querySelectorAll('.lines')) {
    const first = lines.querySelector('.chosen');
    if (first === null || lines.contains(from) || !shown(lines)) continue;
    lines.scrollTo({ top: first.offsetTop - lines.offsetTop - lines.clientHeight / 4, behavior: 'instant' });
  }
  history.replaceState(null, '', '#L' + key.replace(':', '-'));
}
function step(lines, by) {
  const keys = [...lines.querySelectorAll('.ln[data-k]')];
  const at = keys.findIndex((l) => l === lines.current && l.dataset.k === chosen);
  const from = at >= 0 ? at : keys.findIndex((l) => l.dataset.k === chosen);
  let next = from < 0 ? (by > 0 ? 0 : keys.length - 1) : from + by;
  while (keys[next] !== undefined && from >= 0 && keys[next].dataset.k === chosen) next += by;
  const line = keys[next];
  if (line === undefined) return;
  lines.current = line;
  choose(line.dataset.k, line);
  line.scrollIntoView({ block: 'nearest' });
}
document.addEventListener('click', (event) => {
  const el = event.target.closest('[data-k]');
  if (el !== null && el.dataset.k !== '') choose(el.dataset.k === chosen ? undefined : el.dataset.k, el);
});
document.addEventListener('pointerover', (event) => {
  const key = event.target.closest('[data-k]')?.dataset.k;
  light(key === '' || key === chosen ? undefined : key, 'near');
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') choose(undefined);
  const lines = event.target.closest('.lines');
  if (lines === null || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
  event.preventDefault();
  step(lines, event.key === 'ArrowDown' ? 1 : -1);
});

function show() {
  const picked = Object.fromEntries(new FormData(form));
  const fits = (v) => v.variant === (picked.variant ?? v.variant) && v.target === (picked.target ?? v.target);
  const those = views.flatMap((v, i) => (fits(v) ? [i] : []));
  const view = those.find((i) => views[i].shapes === picked.shapes) ?? those.find((i) => views[i].shapes === 'any') ?? those[0];
  for (const input of form.querySelectorAll('[name=shapes]')) {
    input.disabled = !those.some((i) => views[i].shapes === input.value);
    input.checked = input.value === views[view].shapes;
  }
  for (const el of document.querySelectorAll('[data-view]')) el.hidden = !el.dataset.view.split(' ').includes(String(view));
  const program = document.getElementById('program').value;
  for (const el of document.querySelectorAll('[data-program]')) el.hidden = el.dataset.program !== program;
  choose(chosen);
}
form.addEventListener('change', show);
document.getElementById('program').addEventListener('change', show);
addEventListener('resize', rule);
const start = /^#L(\\d+)-(\\d+)$/.exec(location.hash);
if (start !== null) chosen = start[1] + ':' + start[2];
show();
if (chosen === undefined) for (const lines of document.querySelectorAll('.lines')) {
  const first = lines.querySelector('.ln[data-k]');
  if (first !== null && shown(lines)) lines.scrollTop = Math.max(0, first.offsetTop - lines.offsetTop - 40);
}
`;
