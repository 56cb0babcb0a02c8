package draft

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// archiveOf is the archive that a file lies in, as a study names it, or the file itself.
func archiveOf(path string) string {
	archive, _, _ := strings.Cut(path, "!/")
	return archive
}

// mixed are the archives that hold files which are not read alike: a study names an archive
// as a whole.
func mixed(files []*File) []string {
	first := map[string]*File{}
	var list []string
	for _, f := range files {
		archive := archiveOf(f.Path)
		if g := first[archive]; g == nil {
			first[archive] = f
		} else if !g.same(f) && !slices.Contains(list, archive) {
			list = append(list, archive)
		}
	}
	return list
}

// patternOf is the pattern that fits these files and no other; ok is false where there is
// none, or but one file.
func patternOf(paths []string) (pattern string, ok bool) {
	if len(paths) < 2 {
		return "", false
	}
	dir, stem := filepath.Split(paths[0])
	end := filepath.Ext(stem)
	for _, path := range paths {
		if filepath.Dir(path) != filepath.Dir(paths[0]) || filepath.Ext(path) != end {
			return "", false
		}
		for !strings.HasPrefix(filepath.Base(path), stem) {
			_, size := utf8.DecodeLastRuneInString(stem)
			stem = stem[:len(stem)-size]
		}
	}
	// Without the number in which they differ, or by their ending alone, they fit those to come.
	for _, begin := range []string{strings.TrimRight(stem, "0123456789-_."), stem} {
		pattern = Pattern(dir+begin) + "*" + Pattern(end)
		if matches, err := filepath.Glob(pattern); err == nil && len(matches) == len(paths) {
			return pattern, true
		}
	}
	return "", false
}

// Pattern is a path as a pattern that fits no other.
func Pattern(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

// quoted is a string of TOML.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// oneLine is a text of a file as it may stand in a comment.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}
