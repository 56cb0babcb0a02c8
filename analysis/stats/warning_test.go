package stats

import (
	"os"
	"regexp"
	"testing"
)

// Every code has a text, and every text a code.
func TestEveryCodeHasAText(t *testing.T) {
	source, err := os.ReadFile("warning.go")
	if err != nil {
		t.Fatal(err)
	}
	declared := regexp.MustCompile(`Code += "([a-z_]+)"`).FindAllSubmatch(source, -1)
	if len(declared) != len(texts) {
		t.Errorf("%d codes, %d texts", len(declared), len(texts))
	}
	for _, d := range declared {
		if texts[Code(d[1])] == "" {
			t.Errorf("%s has no text", d[1])
		}
	}
}

func TestWarningString(t *testing.T) {
	if w := warning(FewClusters, 3, MinClusters).String(); w != "3 clusters: no interval below 10" {
		t.Error(w)
	}
}
