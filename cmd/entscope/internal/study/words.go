package study

import (
	"sync"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest/catalog"
	"github.com/entscope/entscope/ingest/format"
	"github.com/entscope/entscope/ingest/grade"
	"github.com/entscope/entscope/ingest/register"
	"github.com/entscope/entscope/ingest/source"
	"github.com/entscope/entscope/ingest/tabular"
)

var schoolLevels = []string{"ecole", "college", "lycee"}

// Words are the lists that the tags of a study's keys name (keyline.Decode): each
// comes from the package that reads the words.
var Words = sync.OnceValue(func() map[string][]string {
	lists := map[string][]string{
		"formats": format.Names(), "registers": register.Names(), "levels": schoolLevels, "grades": grade.Levels(),
		"kinds": source.Kinds, "charsets": tabular.Charsets,
		"services": vocabulary.Services().Words(), "profiles": vocabulary.Profiles().Words(),
		"actions": vocabulary.Actions().Words(),
	}
	for _, q := range question.All() {
		lists["questions"] = append(lists["questions"], q.ID)
	}
	if c, err := catalog.New(nil); err == nil { // the built-in table, which its tests read
		lists["maps"], lists["names"] = c.Maps(), c.Tables()
		for _, m := range c.Maps() {
			lists["urls"] = append(lists["urls"], "url."+m)
		}
	}
	return lists
})
