package catalog_test

import (
	"fmt"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest/catalog"
)

// The operator's own line wins over a built-in one of the same name.
func ExampleNew() {
	c, err := catalog.New([]byte("entcore.module\tCompetences\tskills\t-\t-\tour own choice\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"Competences", "Conversation", "Chorus"} {
		meaning, known := c.Names(catalog.EntcoreModules).Lookup([]byte(name))
		service, _ := vocabulary.Services().Entry(int(meaning.Service))
		fmt.Println(name, known, service.Word)
	}
	urls, err := c.URLs("pronote")
	if err != nil {
		fmt.Println(err)
		return
	}
	meaning, _ := urls.Lookup([]byte("/pronote/parent.html"))
	profile, _ := vocabulary.Profiles().Entry(int(meaning.Profile))
	fmt.Println(profile.Word)
	// Output:
	// Competences true skills
	// Conversation true messages
	// Chorus false unknown
	// parent
}
