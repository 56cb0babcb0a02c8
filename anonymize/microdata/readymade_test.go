package microdata

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/hierarchy"
)

const annuaireText = "Identifiant_de_l_etablissement;Code_commune;Nom_commune;Code_departement;Libelle_departement;" +
	"Code_academie;Libelle_academie;Code_region;Libelle_region;code_bassin_formation;libelle_bassin_formation\n" +
	"0940001A;94028;Créteil;094;Val-de-Marne;24;Créteil;11;Ile-de-France;24942;BEF 2\n" +
	"0940002B;94016;Cachan;094;Val-de-Marne;24;Créteil;11;Ile-de-France;24942;BEF 2\n"

// Each ready-made hierarchy from a policy: what leaves at a pinned level.
func TestReadyMadeHierarchies(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range []struct {
		hierarchy string // in TOML
		values    []string
		level     int
		want      string
	}{
		{`{ annuaire = "annuaire.csv" }`, []string{"0940001A", "0940001A"}, 1, "94028 Créteil"},
		{`{ annuaire = "annuaire.csv" }`, []string{"0940001A", "0940002B"}, 2, "24942 BEF 2"},
		{`{ annuaire = "annuaire.csv" }`, []string{"0940001A", "0940002B"}, 5, "11 Ile-de-France"},
		{`"uai"`, []string{"0940001A", "0940002B"}, 1, "094"},
		{`"uai"`, []string{"0940001A", "0770002B"}, 2, "Créteil"},
		{`"uai"`, []string{"0940001A", "0750002B"}, 3, "Île-de-France"},
		{`"level"`, []string{"college", "lycee"}, 1, "second-degre"},
		{`"grade"`, []string{"6e", "5e"}, 1, "6e-5e"},
		{`"grade"`, []string{"6e", "3e"}, 2, "college"},
		{`"grade_cycle"`, []string{"5e", "3e"}, 1, "cycle-4"},
		{`"grade_cycle"`, []string{"6e", "3e"}, 2, "college"},
		{`"ips"`, []string{"101.5", "109.9"}, 1, "[100, 110["},
		{`"ips_band"`, []string{"4", "5"}, 1, "4-5"},
		{`"profile"`, []string{"pupil", "parent"}, 1, "family"},
		{`"device"`, []string{"computer", "tablet"}, 1, "large screen"},
		{`"week"`, []string{"2025-W37", "2025-W38"}, 1, "2025-09"},
		{`"week"`, []string{"2025-W37", "2025-W47"}, 2, "2025-2026-T1"},
		{`"date"`, []string{"2025-09-08", "2025-09-14"}, 1, "2025-W37"},
		{`"sector"`, []string{"public", "prive"}, 1, "*"},
		{`"ep"`, []string{"REP", "REP+"}, 1, "EP"},
		{`"children"`, []string{"2", "3+"}, 1, "2+"},
		{`"devices"`, []string{"phone", "mixed"}, 1, "*"},
		{`"activation"`, []string{"never", "in-term"}, 1, "*"},
		{`"flat"`, []string{"a", "b"}, 1, "*"},
	} {
		seen[strings.Trim(c.hierarchy, `"`)] = true
		dir := t.TempDir()
		for name, text := range map[string]string{
			"in.csv":       "q\n" + strings.Join(c.values, "\n") + "\n",
			"annuaire.csv": annuaireText,
			"policy.toml": fmt.Sprintf("k = 2\ntransformation = { q = %d }\n"+
				"[[quasi_identifier]]\nname = \"q\"\nhierarchy = %s\n",
				c.level, c.hierarchy),
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		out := filepath.Join(dir, "out")
		if _, err := Anonymize(context.Background(),
			Job{Input: filepath.Join(dir, "in.csv"), Policy: filepath.Join(dir, "policy.toml"), Out: out}); err != nil {
			t.Errorf("%s: %v", c.hierarchy, err)
			continue
		}
		table, err := Read(filepath.Join(out, "table.parquet"), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := texts(table.Table); len(got) != 2 || got[0][0] != c.want || got[1][0] != c.want {
			t.Errorf("%s, level %d: %q, want %q", c.hierarchy, c.level, got, c.want)
		}
	}
	for _, name := range hierarchy.DomainNames() {
		if !seen[name] {
			t.Errorf("%s is not shown to work from a policy", name)
		}
	}
}
