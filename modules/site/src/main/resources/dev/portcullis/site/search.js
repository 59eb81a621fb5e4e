(() => {
  'use strict';
  const MOST = 50;
  const sections = JSON.parse(document.getElementById('sections').textContent);
  const box = document.getElementById('q');
  const count = document.getElementById('count');
  const results = document.getElementById('results');
  const folded = sections.map(each => ({
    page: each.page.toLowerCase(),
    heading: each.heading.toLowerCase(),
    text: each.text.toLowerCase(),
    inside: each.inside,
  }));

  const isLetter = c => c !== undefined && /[\p{L}\p{N}_]/u.test(c);
  // 0 where the term is not there, 1 inside a word, 2 at its beginning, 3 as a whole word.
  function strength(text, term) {
    let best = 0;
    for (let at = text.indexOf(term); at >= 0 && best < 3; at = text.indexOf(term, at + 1)) {
      const begins = !isLetter(text[at - 1]) || !isLetter(term[0]);
      const ends = !isLetter(text[at + term.length]);
      best = Math.max(best, begins ? (ends ? 3 : 2) : 1);
    }
    return best;
  }

  function rank(section, terms) {
    let sum = 0;
    for (const term of terms) {
      const page = strength(section.page, term);
      const heading = strength(section.heading, term);
      const text = strength(section.text, term);
      if (page + heading + text === 0) return 0;
      sum += 4 * heading + (section.heading ? 2 : 6) * page + text;
    }
    // What is about the inside of Portcullis is not what most people look for.
    return section.inside ? sum / 2 : sum;
  }

  function snippet(section, terms) {
    const lower = section.text.toLowerCase();
    const places = terms.map(term => lower.indexOf(term)).filter(at => at >= 0);
    const first = places.length ? Math.min(...places) : 0;
    let begin = Math.max(0, first - 60);
    while (begin > 0 && section.text[begin - 1] !== ' ') begin--;
    let end = Math.min(section.text.length, begin + 220);
    while (end < section.text.length && section.text[end] !== ' ') end++;
    const out = document.createElement('p');
    if (begin > 0) out.append('… ');
    for (let at = begin; at < end;) {
      const term = terms.find(each => lower.startsWith(each, at));
      const length = term ? term.length : 1;
      const part = section.text.slice(at, at + length);
      if (term) {
        const mark = document.createElement('mark');
        mark.textContent = part;
        out.append(mark);
      } else if (out.lastChild && out.lastChild.nodeType === Node.TEXT_NODE) {
        out.lastChild.data += part;
      } else {
        out.append(part);
      }
      at += length;
    }
    if (end < section.text.length) out.append(' …');
    return out;
  }

  function search() {
    const terms = [...new Set(box.value.toLowerCase().split(/\s+/).filter(Boolean))];
    results.replaceChildren();
    if (!terms.length) {
      count.textContent = '';
      return;
    }
    const found = folded
      .map((section, i) => ({ i, rank: rank(section, terms) }))
      .filter(each => each.rank > 0)
      .sort((a, b) => b.rank - a.rank || a.i - b.i);
    count.textContent = found.length === 0 ? 'Nothing has all of these words.'
      : found.length === 1 ? '1 section'
      : found.length + ' sections' + (found.length > MOST ? '; the best ' + MOST + ' are shown' : '');
    for (const { i } of found.slice(0, MOST)) {
      const section = sections[i];
      const item = document.createElement('li');
      const link = document.createElement('a');
      link.href = section.address;
      link.textContent = section.heading ? section.page + ' › ' + section.heading : section.page;
      item.append(link, snippet(section, terms));
      results.append(item);
    }
  }

  box.value = new URLSearchParams(location.search).get('q') || '';
  box.addEventListener('input', search);
  search();
})();
