package national_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/ingest/national"
)

var profileHeading = []string{
	"debutSemaine", "UAI", "académie", "commune", "département", "région", "ministère", "circonscription", "nature_uai",
	"secteur",
	"visites_globales", "utilisateurs_globales", "duree_globales", "visites_eleve", "utilisateurs_eleve", "duree_eleve",
	"visites_parent", "utilisateurs_parent", "duree_parent",
	"visites_enseignant", "utilisateurs_enseignant", "duree_enseignant",
	"visites_admin_vie_scol_tech", "utilisateurs_admin_vie_scol_tech", "duree_admin_vie_scol_tech",
}

// profileText is a sound file of profils: weeks of term from 2 September 2019 on, of
// one collège and one lycée; parents come 100 and 200 times.
func profileText(weeks int) string {
	var b strings.Builder
	b.WriteString(strings.Join(profileHeading, ";") + "\n")
	for w := range weeks {
		monday := time.Date(2019, 9, 2+7*w, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		fmt.Fprintf(&b, "%s;0010005A;Lyon;BAGE DOMMARTIN;Ain;Auvergne-Rhône-Alpes;MEN;;Collège;PU;"+
			"310;60;10:00:00;200;40;26:30:00;100;18;01:00:00:250;8;2;00:10:00;2;1;00:01:00\n", monday)
		fmt.Fprintf(&b, "%s;0690026D;Lyon;LYON;Rhône;Auvergne-Rhône-Alpes;MEN;;Lycée;PR;"+
			"610;99;20:00:00;400;60;30:00:00;200;30;02:00:00;8;2;00:10:00;N/A;;N/A\n", monday)
	}
	return b.String()
}

func file(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// parents are the visits of parents that an edition has: rows with a value, and sum.
func parents(t *testing.T, dir string) (filled, total int64) {
	t.Helper()
	for _, c := range rows[national.ColumnRow](t, dir, "columns") {
		if c.Column == "visites_parent" && c.Total != nil {
			return c.Filled, *c.Total
		}
	}
	return 0, 0
}

// TestSpellings reads one and the same file in each of its spellings and wrappings.
func TestSpellings(t *testing.T) {
	plain := profileText(4)
	fold := strings.NewReplacer("é", "e", "è", "e")
	heading, body, _ := strings.Cut(plain, "\n")
	var zipped, gzipped bytes.Buffer
	z := zip.NewWriter(&zipped)
	for i, name := range []string{"a.csv", "LICENCE/../b.csv"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		half := strings.SplitAfter(body, "\n")
		half = half[:len(half)-1]
		_, _ = w.Write([]byte(heading + "\n" + strings.Join(half[i*len(half)/2:(i+1)*len(half)/2], "")))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	g := gzip.NewWriter(&gzipped)
	_, _ = g.Write([]byte(plain))
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"plain":           plain,
		"mark":            "\ufeff\ufeff" + plain,
		"technical names": strings.ToLower(fold.Replace(heading)) + "\n" + body,
		"labels":          strings.ReplaceAll(strings.ReplaceAll(heading, "_", " "), "duree", "Durée") + "\n" + body,
		"crlf":            strings.ReplaceAll(plain, "\n", "\r\n"),
		"cr":              strings.ReplaceAll(plain, "\n", "\r"),
		"commas":          strings.ReplaceAll(plain, ";", ","),
		"tabs":            strings.ReplaceAll(plain, ";", "\t"),
		"no last end":     strings.TrimSuffix(plain, "\n"),
		"headings again":  plain + heading + "\n",
		"quotes":          strings.ReplaceAll(plain, ";LYON;", ";\"LYON; \"\"1er\"\"\";"),
		"french days":     strings.ReplaceAll(plain, "2019-09-02;", "02/09/2019;"),
		"instants":        strings.ReplaceAll(plain, "2019-09-02;", "2019-09-01T22:00:00+00:00;"),
		"decimals":        strings.ReplaceAll(plain, ";100;", ";100.0;"),
		"decimal commas":  strings.ReplaceAll(plain, ";100;", ";100,00;"),
		"small letters":   strings.ReplaceAll(plain, "0010005A", "0010005a"),
		"gzip":            gzipped.String(),
		"zip of two":      zipped.String(),
		"blank lines":     strings.ReplaceAll(plain, "\n", "\n\n"),
		"separators left": strings.ReplaceAll(plain, "00:01:00\n", "00:01:00;\n"),
	} {
		r, out, err := read(t, file(t, "in.csv", []byte(text)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(r.Manifest.Warnings) > 0 {
			t.Errorf("%s: %q", name, r.Manifest.Warnings)
		}
		if filled, total := parents(t, out); filled != 8 || total != 4*300 {
			t.Errorf("%s: parents %d in %d rows, want 1200 in 8", name, total, filled)
		}
	}
}

// TestFaults reads one sound file and changes one thing: the sum is right, and what was
// not as it should be is said, with its place.
func TestFaults(t *testing.T) {
	const weeks = 120 // one row in 240 may be lost
	plain := profileText(weeks)
	const whole = weeks * 300
	at := func(old, to string) string { return strings.Replace(plain, old, to, 1) }
	lines := strings.SplitAfter(plain, "\n")
	without := func(from, to int) string { return strings.Join(append(slices.Clone(lines[:from]), lines[to:]...), "") }
	type want struct {
		total   int64
		warning string // "" for none
	}
	for name, c := range map[string]struct {
		text string
		want
	}{
		"sound":              {plain, want{whole, ""}},
		"thousands":          {at(";100;", ";1 234;"), want{whole + 1134, "add up to more than all visits"}},
		"no-break thousands": {at(";100;", ";1\u202f234;"), want{whole + 1134, "add up to more than all visits"}},
		"two ways to read": {at(";100;", ";1.234;"), want{whole - 100,
			"1 rows refused, field of the wrong type, the first in line 2"}},
		"a half": {at(";100;", ";99.5;"), want{whole - 100,
			"field of the wrong type, the first in line 2"}},
		"negative":       {at(";100;", ";-100;"), want{whole - 100, "field of the wrong type"}},
		"beyond reason":  {at(";100;", ";99999999999999999999;"), want{whole - 100, "field of the wrong type"}},
		"not applicable": {at(";100;", ";N/A;"), want{whole - 100, ""}},
		"bad minutes": {at("01:00:00:250", "01:61:00"), want{whole,
			"1 durations cannot be read, the first in line 2"}},
		"bad thousandths": {at("01:00:00:250", "01:00:00:25"), want{whole, "1 durations cannot be read"}},
		"a Tuesday": {at("2019-09-02", "2019-09-03"), want{whole - 100,
			"week that does not begin on a Monday"}},
		"no day":   {at("2019-09-02", "2019-02-30"), want{whole - 100, "unreadable timestamp"}},
		"long ago": {at("2019-09-02", "1919-09-01"), want{whole - 100, "outside the plausible range"}},
		"no school": {at("0010005A", "ALL"), want{whole - 100,
			"value without a mapping, the first in line 2"}},
		"latin-1": {at("Lycée", "Lyc\xe9e"), want{whole - 200,
			"invalid text encoding, the first in line 3"}},
		"a zero byte":       {at("Lycée", "Lyc\x00e"), want{whole - 200, "invalid text encoding"}},
		"a quote left open": {at(";Lyon;", ";\"Lyon;"), want{whole - 100, "malformed record, the first in line 2"}},
		"a field too many": {at(";Lyon;", ";Lyon;;"), want{whole - 100,
			"wrong number of fields, the first in line 2"}},
		"last row cut": {plain[:len(plain)-40], want{whole - 200,
			"its last row has no end: was the file cut in transfer?"}},
		"a row twice": {plain + lines[2], want{whole, "1 rows told twice: counted once"}},
		"two versions inside": {plain + strings.Replace(lines[2], ";200;30;", ";210;30;", 1),
			want{whole + 10,
				"1 rows contradict another of the same school and week in the same file, the first in line 3"}},
		"a week missing":      {without(21, 23), want{whole - 300, "week of 2019-11-11: 0 schools"}},
		"more users":          {at(";100;18;", ";100;180;"), want{whole, "more users than visits"}},
		"profiles beyond all": {at(";100;18;", ";900;18;"), want{whole + 800, "add up to more than all visits"}},
		"an added column": {strings.ReplaceAll(strings.Replace(plain, "secteur;", "secteur;visites_famille;", 1),
			";PU;", ";PU;7;"),
			want{whole - weeks*200, ""}},
	} {
		if name == "an added column" {
			c.text = strings.ReplaceAll(c.text, ";PR;", ";PR;7;")
			c.want = want{whole, "unknown columns, their values are not used: visites_famille"}
		}
		r, out, err := read(t, file(t, "in.csv", []byte(c.text)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, total := parents(t, out); total != c.total {
			t.Errorf("%s: parents %d, want %d", name, total, c.total)
		}
		said := strings.Join(r.Manifest.Warnings, "\n")
		if c.warning == "" && said != "" {
			t.Errorf("%s: warned of %q", name, said)
		}
		if !strings.Contains(said, c.warning) {
			t.Errorf("%s: %q lacks %q", name, said, c.warning)
		}
	}
}

// TestUnknownColumnHasATotal lets a share say what it lacks.
func TestUnknownColumnHasATotal(t *testing.T) {
	text := strings.Replace(profileText(3), "secteur;", "secteur;visites_famille;", 1)
	text = strings.NewReplacer(";PU;", ";PU;7;", ";PR;", ";PR;N/A;").Replace(text)
	_, out, err := read(t, file(t, "in.csv", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range rows[national.ColumnRow](t, out, "columns") {
		if c.Column == "visites_famille" {
			if c.Status != "unknown" || c.Filled != 3 || c.Total == nil || *c.Total != 21 {
				t.Errorf("visites_famille: %+v", c)
			}
			return
		}
	}
	t.Error("visites_famille is not told")
}

// TestNewerVersionStands lays two exports of one kind over each other.
func TestNewerVersionStands(t *testing.T) {
	older := file(t, "older.csv", []byte(profileText(40)))
	newer := file(t, "newer.csv", []byte(strings.Replace(profileText(41), ";100;18;", ";150;18;", 1)))
	for _, files := range [][]string{{older, newer}, {newer, older}, {older, newer, older}} {
		r, out, err := read(t, files...)
		if err != nil {
			t.Fatal(err)
		}
		if _, total := parents(t, out); total != 41*300+50 {
			t.Errorf("parents %d, want %d", total, 41*300+50)
		}
		said := strings.Join(r.Manifest.Warnings, "\n")
		if !strings.Contains(said, "79 rows told twice") || !strings.Contains(said,
			"1 rows of weeks of which a newer file has another version") {
			t.Errorf("%d files: %q", len(files), said)
		}
		if len(files) == 3 && !strings.Contains(said, "the same bytes as another file") {
			t.Errorf("a file twice: %q", said)
		}
	}
}

// TestTooManyRefusals gives no sum of a file that loses more than one row in a hundred.
func TestTooManyRefusals(t *testing.T) {
	text := strings.ReplaceAll(profileText(40), "2019-11", "2019-13")
	_, _, err := read(t, file(t, "in.csv", []byte(text)))
	if !errors.Is(err, national.ErrDamaged) || !strings.Contains(err.Error(), "8 of 80 rows") {
		t.Errorf("error %v", err)
	}
	var cut bytes.Buffer
	g := gzip.NewWriter(&cut)
	_, _ = g.Write([]byte(profileText(4000)))
	_ = g.Close()
	if _, _, err := read(t, file(t, "in.csv.gz", cut.Bytes()[:cut.Len()/2])); err == nil {
		t.Error("a file compressed and cut was read")
	}
	long := profileText(2) + strings.Repeat("x", 3<<20) + "\n"
	if _, _, err := read(t, file(t, "in.csv", []byte(long))); !errors.Is(err, national.ErrDamaged) {
		t.Errorf("a row of 3 MiB: error %v", err)
	}
}

// exported is a row as the portal exports it to Parquet.
type exported struct {
	Week    int32    `parquet:"debutsemaine,date"`
	UAI     string   `parquet:"uai"`
	Secteur *string  `parquet:"secteur,optional"`
	Visits  *int64   `parquet:"visites_parent,optional"`
	Users   *float64 `parquet:"utilisateurs_parent,optional"`
	Time    string   `parquet:"duree_parent"`
	All     int32    `parquet:"visites_globales"`
	Pupils  string   `parquet:"visites_eleve"`
	Staff   float32  `parquet:"visites_admin_vie_scol_tech"`
	AllTime string   `parquet:"duree_globales"`
	AllUser int64    `parquet:"utilisateurs_globales"`
}

func TestParquet(t *testing.T) {
	monday := int32(time.Date(2019, 9, 2, 0, 0, 0, 0, time.UTC).Unix() / 86400)
	sector, visits, users := "PU", int64(100), 18.0
	var list []exported
	for w := range int32(3000) {
		list = append(list, exported{monday + 7*(w%300), fmt.Sprintf("%07dA", 10001+w/300), &sector, &visits, &users,
			"01:00:00", 120, "N/A", 3, "", 20})
	}
	list[0].Visits, list[0].Users = nil, nil
	path := filepath.Join(t.TempDir(), "in.parquet")
	if err := parquet.WriteFile(path, list, parquet.MaxRowsPerRowGroup(700)); err != nil {
		t.Fatal(err)
	}
	r, out, err := read(t, path)
	if err != nil {
		t.Fatal(err)
	}
	if filled, total := parents(t, out); filled != 2999 || total != 299900 {
		t.Errorf("parents %d in %d rows", total, filled)
	}
	if len(r.Manifest.Inputs[0].Missing) == 0 {
		t.Error("missing columns are not told")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := 1; cut < len(data); cut += len(data)/50 + 1 {
		if _, _, err := read(t, file(t, "cut.parquet", data[:cut])); err == nil {
			t.Errorf("cut at %d of %d: read", cut, len(data))
		}
	}
}

// TestRegisters reads the small files in the spellings of their years.
func TestRegisters(t *testing.T) {
	files := []string{
		file(t, "profils.csv", []byte(profileText(3))),
		file(t, "colleges.csv",
			[]byte("\ufeffRentrée scolaire;Académie;UAI;Nom de l'établissment;Secteur;Effectifs;IPS\n"+
				"2022-2023;LYON;0010005A;COLLEGE ROGER POULNARD;public;540.0;110.4\n"+
				"2023-2024;LYON;0010005A;COLLEGE ROGER POULNARD;public;541;NS\n")),
		file(t, "lycees.csv", []byte("rentree_scolaire;uai;nom_de_l_etablissement;type_de_lycee;"+
			"secteur;effectifs_voie_gt;effectifs_voie_pro;"+
			"ips_voie_gt;ips_voie_pro;ips_ensemble_gt_pro\n"+
			"2023-2024;0690026D;INSTITUTION SAINT-JUST;LEGT;privé sous contrat;600.0;NS;121,5;NS;NS\n")),
		file(t, "ep.csv", []byte(",uai,academie,nom_de_l_etablissment,secteur_x,ips,rs,nbeleves\n"+
			"0,0541284C,NANCY-METZ,COLLEGE GRANDVILLE,public,100.5,2019.0,444.0\n")),
		file(t, "annuaire.csv", []byte("Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;"+
			"Statut_public_prive;Libelle_academie\n"+
			"0690026D;Lycée Saint-Just\u202e;Lycée;Privé;Lyon\n")),
		file(t, "calendrier.csv",
			[]byte("Description;Population;Date de début;Date de fin;Académies;Zones;annee_scolaire\n"+
				"Vacances de la Toussaint;-;2019-09-07T00:00:00+02:00;"+
				"2019-09-16T00:00:00+02:00;Lyon;Zone A;2019-2020\n"+
				"Vacances de Noël;-;2019-12-21T00:00:00+01:00;2020-01-06T00:00:00+01:00;Lyon;Zone A;2019-2020\n")),
	}
	r, out, err := read(t, files...)
	if err != nil {
		t.Fatal(err)
	}
	if said := strings.Join(r.Manifest.Warnings, "\n"); said != "annuaire: 1 schools of the DNMA are not in it: kept" {
		t.Errorf("warnings %q", said)
	}
	text := func(s *string) string {
		if s == nil {
			return "-"
		}
		return *s
	}
	var got []string
	for _, s := range rows[national.IPSRow](t, out, "ips") {
		ips, pupils := int32(-1), int64(-1)
		if s.IPSTenths != nil {
			ips = *s.IPSTenths
		}
		if s.Pupils != nil {
			pupils = *s.Pupils
		}
		got = append(got, fmt.Sprint(s.UAI, " ", s.SchoolYear, " ", text(s.Level), " ", ips, " ", pupils))
	}
	want := []string{
		"0010005A 2022-2023 college 1104 540", "0010005A 2023-2024 college -1 541",
		"0541284C 2019-2020 college 1005 444",
		"0690026D 2023-2024 lycee 1215 600",
	}
	if !slices.Equal(got, want) {
		t.Errorf("ips %q", got)
	}
	got = nil
	for _, s := range rows[national.SchoolRow](t, out, "schools") {
		known := s.InAnnuaire != nil && *s.InAnnuaire
		got = append(got, strings.Join([]string{s.UAI, text(s.Name), text(s.Level), text(s.Sector), text(s.Academie),
			text(s.Zone),
			text(s.DepartementNumber), fmt.Sprint(s.InDNMA, known)}, "|"))
	}
	want = []string{
		"0010005A|COLLEGE ROGER POULNARD|college|PU|Lyon|A|01|true false",
		"0541284C|COLLEGE GRANDVILLE|college|PU|Nancy-Metz|B|54|false false",
		"0690026D|INSTITUTION SAINT-JUST|lycee|PR|Lyon|A|69|true true",
	}
	if !slices.Equal(got, want) {
		t.Errorf("schools %q", got)
	}
	got = nil
	for _, c := range rows[national.CalendarRow](t, out, "calendar") {
		got = append(got, fmt.Sprint(c.Zone, " ", c.WeekDay, " ", c.TermDays, " ", text(c.Holiday)))
	}
	want = []string{"A 18141 5 -", "A 18148 0 Vacances de la Toussaint", "A 18155 5 -"}
	if !slices.Equal(got, want) {
		t.Errorf("calendar %q", got)
	}
}
