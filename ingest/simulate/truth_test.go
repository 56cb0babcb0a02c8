package simulate

import (
	"encoding/json"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the stored truth (takes minutes)")

func TestTruthDefault(t *testing.T) {
	if !*update {
		return
	}
	truth, err := monteCarlo(defaultWeeks, truthSeed, 48, 40_000)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.MarshalIndent(truth, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("truth_12w.json", append(data, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}
