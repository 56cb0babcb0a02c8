package main

import (
	"bytes"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/klauspost/compress/gzip"
	"github.com/parquet-go/parquet-go"
)

// identifiers are what must not survive the edge, found in the raw files by a
// reader that shares no code with the pipeline. The value says what it is.
type identifiers map[string]string

var (
	rawEmail = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[a-z]{2,}`)
	rawIP    = regexp.MustCompile(`\b(?:\d{1,3}\.){3}\d{1,3}\b`)
	rawUUID  = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	rawWho   = regexp.MustCompile(`(?m)^WHO: (\S+)$`)
	rawAuth  = regexp.MustCompile(`(?m)^\S+ \S+ (\S+) \[`)
	rawPhone = regexp.MustCompile(`\b0[1-9](?:[ .]?\d\d){4}\b`)
)

// personal are the AAF attributes whose values name a person.
var personal = map[string]string{
	"ENTPersonJointure": "AAF id", "sn": "name", "givenName": "first name", "ENTPersonNomPatro": "name",
	"homePhone": "phone", "telephoneNumber": "phone", "mobile": "phone", "mail": "e-mail",
	"ENTPersonDateNaissance": "birth date", "ENTPersonAdresse": "address", "ENTEleveINE": "INE",
}

func collect(t *testing.T, raw string) (found identifiers, schools string) {
	t.Helper()
	found = identifiers{}
	err := filepath.WalkDir(raw, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if strings.HasSuffix(path, ".gz") {
			z, err := gzip.NewReader(bytes.NewReader(data))
			if err != nil {
				return err
			}
			if data, err = io.ReadAll(z); err != nil {
				return err
			}
		}
		if strings.Contains(path, "reference") {
			schools += string(data) // public: names and numbers of schools
			return nil
		}
		for line := range bytes.Lines(data) { // of short texts a pattern is found by the quicker of two ways
			for _, p := range []struct {
				kind, has string // what a line must have for the pattern, which is slow
				pattern   *regexp.Regexp
			}{{"e-mail", "@", rawEmail}, {"IP", ".", rawIP}, {"account id", "-", rawUUID}, {"phone", "0", rawPhone}} {
				if !bytes.Contains(line, []byte(p.has)) {
					continue
				}
				for _, m := range p.pattern.FindAll(line, -1) {
					found[string(m)] = p.kind
				}
			}
			for has, pattern := range map[string]*regexp.Regexp{"WHO: ": rawWho, " [": rawAuth} {
				if !bytes.Contains(line, []byte(has)) {
					continue
				}
				for _, m := range pattern.FindAllSubmatch(line, -1) {
					if len(m[1]) > 3 {
						found[string(m[1])] = "login"
					}
				}
			}
		}
		if strings.HasSuffix(path, ".xml") {
			return collectAAF(data, found)
		}
		if strings.Contains(path, "uportal") {
			for _, line := range strings.Split(string(data), "\n") {
				if f := strings.Split(line, "\t"); len(f) > 6 && len(f[5]) > 3 {
					found[f[5]] = "login"
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for token := range found {
		if len(token) < 5 || strings.Contains(schools, token) {
			delete(found, token)
		}
	}
	return found, schools
}

// collectAAF takes the values that name a person out of an AAF file.
func collectAAF(data []byte, found identifiers) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	name := ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.StartElement:
			for _, a := range e.Attr {
				if e.Name.Local == "attr" && a.Name.Local == "name" {
					name = a.Value
				}
			}
		case xml.CharData:
			if kind, ok := personal[name]; ok {
				if text := strings.TrimSpace(string(e)); text != "" {
					found[text] = kind
				}
			}
		}
	}
}

// betweenWords says of what no identifier is made.
func betweenWords(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune("._%+@-", r)
}

// scan lists every identifier that occurs as a value in the files below dir, and
// counts the values it looked at.
func scan(t *testing.T, dir string, ids identifiers) (findings []string, values int) {
	t.Helper()
	look := func(path, text string) {
		values++
		if kind, ok := ids[text]; ok {
			findings = append(findings, path+" holds a raw "+kind)
			return
		}
		for word := range strings.FieldsFuncSeq(text, betweenWords) {
			if kind, ok := ids[word]; ok {
				findings = append(findings, path+" holds a raw "+kind)
			}
		}
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		look("the name of "+path, d.Name())
		if strings.HasSuffix(path, ".parquet") {
			return eachValue(path, func(v parquet.Value) {
				switch v.Kind() {
				case parquet.ByteArray, parquet.FixedLenByteArray:
					look(path, string(v.ByteArray()))
					look(path, hex.EncodeToString(v.ByteArray()))
				case parquet.Int64, parquet.Int32:
					look(path, strconv.FormatInt(v.Int64(), 10))
				}
			})
		}
		data, err := os.ReadFile(path)
		if err == nil {
			look(path, string(data))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return findings, values
}

// TestScanFindsWhatIsThere plants an identifier of each kind where an output
// could hold it: the scan must find all of them.
func TestScanFindsWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	type row struct {
		Text string   `parquet:"text,dict"`
		Key  int64    `parquet:"key"`
		Raw  [16]byte `parquet:"raw"`
	}
	rows := []row{{Text: "harmless"}, {Text: "for <b>a.b@example.org</b>"}, {Key: -77001122},
		{Raw: [16]byte([]byte("0123456789abcdef"))}}
	if err := parquet.WriteFile(filepath.Join(dir, "t.parquet"), rows); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "page.html"), []byte("<td>192.0.2.7</td><i>Lefèvre-Dupont</i>"),
		0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "F0900ixy"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ids := identifiers{"a.b@example.org": "e-mail", "-77001122": "key", "0123456789abcdef": "pseudonym",
		"192.0.2.7": "IP", "Lefèvre-Dupont": "name", "F0900ixy": "login"}
	findings, _ := scan(t, dir, ids)
	for id, kind := range ids {
		found := false
		for _, f := range findings {
			found = found || strings.HasSuffix(f, "raw "+kind)
		}
		if !found {
			t.Errorf("%s (%s) was not found", id, kind)
		}
	}
}

// eachValue hands every value of a Parquet file, whatever its schema, to f.
func eachValue(path string, f func(parquet.Value)) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	p, err := parquet.OpenFile(file, info.Size())
	if err != nil {
		return err
	}
	for _, group := range p.RowGroups() {
		rows := group.Rows()
		buffer := make([]parquet.Row, 512)
		for {
			n, err := rows.ReadRows(buffer)
			for _, row := range buffer[:n] {
				for _, v := range row {
					f(v)
				}
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return errors.Join(err, rows.Close())
			}
		}
		if err := rows.Close(); err != nil {
			return err
		}
	}
	return nil
}

// pseudonyms are the person keys and whole pseudonyms of a restricted zone, in
// every spelling a file could hold.
func pseudonyms(t *testing.T, restricted string) identifiers {
	t.Helper()
	type person struct {
		PersonKey int64    `parquet:"person_key"`
		Pseudonym [16]byte `parquet:"pseudonym"`
	}
	found := identifiers{}
	err := filepath.WalkDir(restricted, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(filepath.Base(path), "people") ||
			!strings.HasSuffix(path, ".parquet") {
			return err
		}
		people, err := parquet.ReadFile[person](path)
		for _, p := range people {
			found[strconv.FormatInt(p.PersonKey, 10)] = "pseudonym"
			found[strconv.FormatUint(uint64(p.PersonKey), 16)] = "pseudonym"
			found[hex.EncodeToString(p.Pseudonym[:])] = "pseudonym"
			found[string(p.Pseudonym[:])] = "pseudonym"
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// planted are rows whose identifiers the registers must not hand on, by file.
var planted = map[string]string{
	"messages.csv": "message-770011;fil-880022;9990002Y;inconnu-4711;Enseignant;inconnu-4712;Responsable;" +
		"10/09/2025 10:00:00;;;2048;pièce jointe;\n" +
		"fil-880022;;9990002Y;inconnu-4712;Responsable;inconnu-4711;Enseignant;09/09/2025 10:00:00;;;;;\n",
	"parametres.csv": "9990002Y;product;Portail-Oméga;2025-09-01;\n",
	"contenus.csv":   "9990002Y;Classe-660033;2025-09-10 10:00;blog;oui\n",
}

// TestRegistersLeaveNoIdentifier: of the registers, the restricted zone holds keys
// and numbers. A meeting is planted for a person whom the directory has.
func TestRegistersLeaveNoIdentifier(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "region")
	if code, _, errOut := entscope(t, "simulate", "--out", dir, "--parents", "300", "--years", "1"); code != 0 {
		t.Fatal(errOut)
	}
	registers := filepath.Join(dir, "raw", "registers")
	for name, rows := range planted {
		appendText(t, filepath.Join(registers, name), rows)
	}
	meetings, err := os.ReadFile(filepath.Join(registers, "reunions.csv"))
	if err != nil {
		t.Fatal(err)
	}
	person := strings.Split(strings.Split(string(meetings), "\n")[1], ";")[1]
	appendText(t, filepath.Join(registers, "reunions.csv"), "Salle-990044;"+person+";10/10/2025;oui\n")
	keyed(t, filepath.Join(dir, "master.key"), filepath.Join(dir, "restricted"))
	code, _, errOut := entscope(t, "run", filepath.Join(dir, "study.toml"), "--until", "ingest")
	if code != 0 && code != exitWarnings {
		t.Fatal(errOut)
	}
	ids, _ := collect(t, filepath.Join(dir, "raw"))
	// The size of a file may be the number of some person: of these, one is
	// enough here, and the demo is scanned for all.
	maps.DeleteFunc(ids, func(_, kind string) bool { return kind == "AAF id" })
	for _, id := range []string{"message-770011", "fil-880022", "inconnu-4711", "inconnu-4712", "Portail-Oméga",
		"portail-omega", "Classe-660033", "Salle-990044", person} {
		ids[id] = "identifier of a register"
	}
	findings, values := scan(t, filepath.Join(dir, "restricted"), ids)
	if len(findings) > 0 || values < 10_000 {
		t.Errorf("%d findings in %d values, the first %v", len(findings), values, findings[:min(5, len(findings))])
	}
	for _, table := range []string{"messages", "settings", "contents", "meetings"} {
		files, err := filepath.Glob(filepath.Join(dir, "restricted", "directory", table+"-*.parquet"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%s: %d files, %v", table, len(files), err)
		}
		found := 0
		if err := eachValue(files[0], func(parquet.Value) { found++ }); err != nil || found == 0 {
			t.Errorf("%s is empty: %v", table, err)
		}
	}
}

func appendText(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}
