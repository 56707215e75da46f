// Prints what a CSL processor makes of CSL-JSON: how citations.json was made.
//
//   npm install citeproc@2.4.63
//   node citations.cjs FOLDER < items.json
//
// FOLDER holds 2025.csl and 2015.csl, which are the styles GB/T 7714 (顺序编码，双语) of
// github.com/zotero-chinese/styles (CC BY-SA 3.0, not kept here), and locales-zh-CN.xml and
// locales-en-US.xml of github.com/citation-style-language/locales. Standard input is an object of
// items under the name of a style each: {"2025": [...], "2015": [...]}.
const fs = require("fs");
const path = require("path");
const folder = path.resolve(process.argv[2]);
const CSL = require(require.resolve("citeproc", { paths: [folder] }));
const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const printed = {};
for (const [style, items] of Object.entries(asked)) {
  const known = Object.fromEntries(items.map((item) => [item.id, item]));
  const system = {
    retrieveItem: (id) => known[id],
    retrieveLocale: (name) => {
      const file = path.join(folder, `locales-${name}.xml`);
      return fs.existsSync(file) && fs.readFileSync(file, "utf8");
    },
  };
  const text = fs.readFileSync(path.join(folder, `${style}.csl`), "utf8");
  const engine = new CSL.Engine(system, text, "zh-CN");
  engine.setOutputFormat("text");
  printed[style] = items.map((item) => {
    engine.updateItems([item.id]);
    return engine.makeBibliography()[1][0].trim().replace(/^\[1\]\s*/, "");
  });
}
process.stdout.write(JSON.stringify(printed, null, 1) + "\n");
