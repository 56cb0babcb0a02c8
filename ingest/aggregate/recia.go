package aggregate

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"github.com/entscope/entscope/ingest"
)

// Limits of RECIA's XML: a real file has some 40 services of 6 profiles.
const (
	maxDepth  = 12
	maxTokens = 1 << 20
	maxText   = 64 // bytes of a figure
)

// Errors of RECIA's XML; the text of the file is in none of them.
var (
	errXML   = errors.New("malformed XML, or an entity or character set that such a file does not have")
	errMonth = errors.New("the month of mois_<siren>.xml is that of its folder, YYYY/MM, " +
		"and this folder has another name")
)

// readRecia reads mois_<siren>.xml: Etablissement@siren / ProfilsGlobaux /
// ProfilGlobal@name / TotalSessions, DifferentsUsers. The figures by service are
// sessions that used it, which no total of ours corresponds to. DOCTYPEs are passed
// over, entities other than XML's five refused.
func (p *Platform) readRecia(path string, r io.Reader) error {
	month, ok := folderMonth(path)
	if !ok {
		return errMonth
	}
	d := xml.NewDecoder(&limitedReader{r: r, left: 16 << 20})
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		switch strings.ToLower(label) {
		case "iso-8859-1":
			return charmap.ISO8859_1.NewDecoder().Reader(in), nil
		case "iso-8859-15":
			return charmap.ISO8859_15.NewDecoder().Reader(in), nil
		}
		return nil, errXML
	}
	var (
		file   reciaFile
		depth  int
		inside string // the figure whose text is being read
		text   []byte
		seen   bool
	)
	for range maxTokens {
		token, err := d.Token()
		switch {
		case err == io.EOF && seen && depth == 0:
			return file.add(p, month)
		case errors.Is(err, ErrTooBig):
			return ErrTooBig
		case err != nil:
			return errXML // its text would hold some of the file's
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return ErrTooBig
			}
			name := t.Name.Local
			switch {
			case depth == 1 && name != "Etablissement":
				return ErrFormat
			case depth == 1:
				seen = true
				file.siren = attribute(t.Attr, "siren")
			case depth == 3 && name == "ProfilGlobal":
				file.profiles = append(file.profiles, reciaProfile{name: attribute(t.Attr, "name")})
				file.open = true
			case depth == 4 && file.open:
				inside, text = name, text[:0]
			}
		case xml.CharData:
			if inside != "" && len(text) <= maxText {
				text = append(text, t[:min(len(t), maxText+1)]...)
			}
		case xml.EndElement:
			if depth == 4 && inside != "" {
				file.figure(inside, text)
				inside = ""
			}
			if depth == 3 {
				file.open = false
			}
			depth--
		}
	}
	return ErrTooBig
}

type reciaFile struct {
	siren    []byte
	profiles []reciaProfile
	open     bool // inside a ProfilGlobal
}

type reciaProfile struct {
	name            []byte
	sessions, users int64
	has             [2]bool
	bad             bool
}

func (f *reciaFile) figure(name string, text []byte) {
	profile := &f.profiles[len(f.profiles)-1]
	to, i := &profile.sessions, 0
	switch name {
	case "TotalSessions":
	case "DifferentsUsers":
		to, i = &profile.users, 1
	default:
		return
	}
	n, ok := whole(bytes.TrimSpace(text))
	if !ok {
		profile.bad = true
	}
	*to, profile.has[i] = n, true
}

// add counts the file once it has been read to its end: a file that is cut short
// adds nothing.
func (f *reciaFile) add(p *Platform, month int32) error {
	for i := range f.profiles {
		profile := &f.profiles[i]
		switch {
		case profile.bad:
			p.Rejects[ingest.ReasonType]++
			continue
		case profile.has != [2]bool{true, true}:
			p.Rejects[ingest.ReasonMissingField]++
			continue
		}
		err := p.add(&row{
			kind: Sessions, school: f.siren, date: strconv.AppendInt(nil, int64(month), 10), profile: profile.name,
			month: month, figures: Figures{Logins: profile.sessions, Visitors: profile.users},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func attribute(list []xml.Attr, name string) []byte {
	for _, a := range list {
		if a.Name.Local == name {
			return []byte(a.Value)
		}
	}
	return nil
}

// folderMonth reads the month of .../2025/09/mois_<siren>.xml, as RECIA's own
// importer does.
func folderMonth(path string) (int32, bool) {
	dir := filepath.Dir(filepath.Clean(path))
	month, err := strconv.Atoi(filepath.Base(dir))
	if err != nil || month < 1 || month > 12 {
		return 0, false
	}
	year, err := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
	if err != nil || year < 2000 || year > 2099 {
		return 0, false
	}
	return int32(year*100 + month), true
}
