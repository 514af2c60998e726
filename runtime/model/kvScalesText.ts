/** Prose, a dialogue, figures, code, a list and other scripts: what K and V of a head reach in a text of any kind. */
export const scalesText = `The lighthouse keeper wrote down the weather every evening for forty-one years. Most entries are short: wind from the
south-west, clear sky, two ships in sight. On the night of the great storm he filled three pages, and his hand hardly shook.

"Did you ever think of leaving?" she asked. "Once," he said, "in the spring of 1893. Then the lamp went out, and somebody had to climb up."

Revenue rose by 12.4% to $3,817,250 in the second quarter; costs fell from 61.2% to 58.9% of it. See table 7 (page 214) and https://example.org/q2?view=full#notes.

function median(xs) { const s = [...xs].sort((a, b) => a - b); return s.length % 2 ? s[(s.length - 1) / 2] : (s[s.length / 2 - 1] + s[s.length / 2]) / 2; }

1. Boil 2 l of water. 2. Add salt, rice and a bay leaf. 3. Stir after 10 minutes; taste; wait.

Le chat dort sur la chaise. Der Zug fährt um 17:45 Uhr ab. El niño come una manzana. Это было давно. 今日は天気がいいですね。 我喜欢读书。 مرحبا بالعالم
The pass key is 71839. Remember it. 71839 is the pass key. The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.`;
