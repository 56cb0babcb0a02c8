package study

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func stated() Legal {
	var l Legal
	v := reflect.ValueOf(&l).Elem()
	for i := range v.NumField() {
		v.Field(i).SetString("Sans objet")
	}
	return l
}

// TestPublishable names each line that is missing, and takes an honest "none" for a line.
func TestPublishable(t *testing.T) {
	s := &Study{Legal: stated()}
	if err := s.Publishable(); err != nil {
		t.Fatal(err)
	}
	for _, empty := range []string{"", "  ", "À compléter", "a completer", "[à renseigner]", "TODO",
		"To decide: who", "tbd", "N/A", "???", "…", "xxx", "<TODO>", "--",
		"\u200b", "\u2060", "[à remplir]", "0"} {
		s.Legal = stated()
		s.Legal.DPO, s.Legal.NextReview = empty, empty
		err := s.Publishable()
		if !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), "[legal]: dpo, next_review: ") {
			t.Errorf("%q: %v", empty, err)
		}
	}
	for _, value := range []string{"aucun", "none", "Natacha Xu", "12 mois", "Todorov", "art. 6-1-e", "À Compiègne"} {
		s.Legal = stated()
		s.Legal.Controller = value
		if err := s.Publishable(); err != nil {
			t.Errorf("%q: %v", value, err)
		}
	}
}

// TestLegalMakesNoEdition: what is said to the officer changes no edition.
func TestLegalMakesNoEdition(t *testing.T) {
	a, err := meaningOf([]byte(valid))
	if err != nil {
		t.Fatal(err)
	}
	b, err := meaningOf([]byte(valid + "\n[legal]\ncontroller = \"Académie\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	if string(a) != string(b) {
		t.Error("[legal] changes the edition")
	}
}
