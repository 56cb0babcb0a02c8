package pull

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/entscope/entscope/ingest/source"
)

// maxName leaves room for what is added to a name, within the 255 of a file system.
const maxName = 160

// unfinished are the endings that programs give to files they are writing.
var unfinished = []string{".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".swp", ".swx", ".lock",
	".upload", ".writing", "~"}

// localName is the name in the inbox of a file on a server: its path with "_" for
// "/", so that it lies in the folder and nowhere else. A reason says why it has none.
func localName(name string) (file, reason string) {
	if !utf8.ValidString(name) || len(name) > maxName || strings.ContainsAny(name, `\:`) ||
		strings.ContainsFunc(name, unicode.IsControl) {
		return "", "name refused"
	}
	for _, part := range strings.Split(name, "/") {
		switch {
		case part == "", part == ".", part == "..":
			return "", "name refused"
		case strings.HasPrefix(part, "."), strings.HasPrefix(part, "~"):
			return "", "hidden"
		}
	}
	for _, end := range unfinished {
		if strings.HasSuffix(strings.ToLower(name), end) {
			return "", "still being written"
		}
	}
	return strings.ReplaceAll(name, "/", "_"), ""
}

// state is a word for the state of a file: it changes when the file does.
func state(e source.Entry) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%d\x00%s", e.Name, e.Size, e.Modified.UnixMilli(), e.Version))
	return hex.EncodeToString(sum[:6])
}

// errLarge is a file beyond the limit that did not say so.
var errLarge = errors.New("larger than max_file_mb")

// fetch brings a delivery into the inbox, or leaves it for later.
func (p *puller) fetch(ctx context.Context, d delivery) error {
	partial := filepath.Join(p.inbox, d.partial())
	var sum string
	var size int64
	before := p.done
	err := p.try(ctx, func(ctx context.Context) (err error) {
		p.done = before
		sum, size, err = p.transfer(ctx, d, partial)
		return err
	})
	switch {
	case errors.Is(err, source.ErrMoved):
		p.leave(d.Name, source.ErrMoved.Error())
		return p.disk.Remove(partial)
	case errors.Is(err, source.ErrGone) && !p.remote.Windowed(): // rotated away since it was listed
		p.leave(d.Name, source.ErrGone.Error()+" any more")
		return p.disk.Remove(partial)
	case errors.Is(err, errLarge):
		p.leave(d.Name, err.Error())
		return p.disk.Remove(partial)
	case err != nil && refused(err) && !errors.Is(err, source.ErrTemporary):
		return errors.Join(err, p.remove(partial))
	case err != nil:
		return err
	}
	file, err := p.place(d, partial, sum, size)
	if err != nil {
		return err
	}
	return p.ledger.add(d.Entry, record{File: file, Bytes: size, SHA256: sum})
}

// remove removes a file that may not be there.
func (p *puller) remove(path string) error {
	if err := p.disk.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// transfer writes what is missing of a file and gives the hash of all of it.
func (p *puller) transfer(ctx context.Context, d delivery, partial string) (sum string, size int64, err error) {
	out, err := p.disk.OpenFile(partial, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", 0, err
	}
	defer out.Close()
	hasher := sha256.New()
	offset, err := kept(out, hasher, d.Size)
	if err != nil {
		return "", 0, err
	}
	if offset == 0 || offset < d.Size {
		body, err := p.server.Open(ctx, d.Entry, offset)
		if errors.Is(err, source.ErrNoResume) && offset > 0 {
			offset = 0
			hasher.Reset()
			body, err = p.server.Open(ctx, d.Entry, 0)
		}
		if err != nil {
			return "", 0, err
		}
		defer body.Close()
		if err := out.Truncate(offset); err != nil {
			return "", 0, err
		}
		if _, err := out.Seek(offset, io.SeekStart); err != nil {
			return "", 0, err
		}
		if offset, err = p.copy(ctx, out, hasher, body, offset); err != nil {
			return "", 0, err
		}
	}
	switch {
	case d.Size >= 0 && offset > d.Size:
		return "", 0, source.ErrMoved
	case d.Size >= 0 && offset < d.Size:
		return "", 0, fmt.Errorf("%w: it sent less than it announced", source.ErrTemporary)
	}
	now, err := p.server.Stat(ctx, d.Entry)
	if err != nil {
		return "", 0, err
	}
	if now.Size != d.Size || now.Version != d.Version || !now.Modified.Equal(d.Modified) {
		return "", 0, source.ErrMoved
	}
	return hex.EncodeToString(hasher.Sum(nil)), offset, errors.Join(out.Sync(), out.Close())
}

// kept hashes what an earlier transfer of the same state has left, and returns
// how much that is. Of a file of unknown size nothing is kept.
func kept(out io.Reader, hasher hash.Hash, size int64) (int64, error) {
	if size <= 0 {
		return 0, nil
	}
	n, err := io.Copy(hasher, io.LimitReader(out, size+1))
	if n > size {
		hasher.Reset()
		n = 0
	}
	return n, err
}

// copy appends body to out, within the limit, and returns the size then.
func (p *puller) copy(ctx context.Context, out io.Writer, hasher hash.Hash, body io.Reader, size int64) (int64, error) {
	p.done += size
	buf := make([]byte, 1<<20) // SFTP asks for that much at once
	for {
		if err := ctx.Err(); err != nil {
			return size, err
		}
		n, err := body.Read(buf)
		if n > 0 {
			hasher.Write(buf[:n])
			if _, err := out.Write(buf[:n]); err != nil {
				return size, err // the disk's fault, not the server's
			}
			size += int64(n)
			p.done += int64(n)
			p.total = max(p.total, p.done)
			p.progress(p.done, p.total)
			if size > p.remote.MaxFile() {
				return size, errLarge
			}
		}
		if err == io.EOF {
			return size, nil
		}
		if err != nil {
			return size, source.Fault(err)
		}
	}
}

// place puts a finished transfer into the inbox and returns its name there.
func (p *puller) place(d delivery, partial, sum string, size int64) (string, error) {
	if size == 0 && d.Size < 0 { // a window without events is no delivery
		p.out.Known++
		return "", p.disk.Remove(partial)
	}
	if known, ok := p.ledger.Files[d.Name]; ok && known.SHA256 == sum {
		p.out.Known++
		return known.File, p.disk.Remove(partial)
	}
	file, err := p.slot(d.Name, d.file, partial, sum, size)
	if err != nil {
		return "", err
	}
	if file.known {
		p.out.Known++
		return file.name, p.disk.Remove(partial)
	}
	if err := p.disk.Place(partial, filepath.Join(p.inbox, file.name)); err != nil {
		return "", err
	}
	p.out.Fetched++
	p.out.Bytes += size
	return file.name, nil
}

// slot is a place in the inbox; known when the file is there already.
type slot struct {
	name  string
	known bool
}

// slot finds where a new file belongs: in the place of what it begins with, of
// the file fetched last under its name before the first one; else beside them.
// Whether a compressed file is the beginning of another cannot be seen: it is
// replaced only if it was fetched here, and stands as it was fetched.
func (p *puller) slot(remote, file, partial, sum string, size int64) (slot, error) {
	free := true
	for _, name := range []string{p.ledger.Files[remote].File, file} {
		if name == "" || name != filepath.Base(name) {
			continue
		}
		fetched := p.ledger.Files[remote]
		if fetched.File != name {
			fetched = record{}
		}
		relation, err := compare(filepath.Join(p.inbox, name), partial, sum, size, fetched.SHA256)
		switch {
		case err != nil:
			return slot{}, err
		case relation == same:
			return slot{name, true}, nil
		case relation == grown:
			return slot{name, false}, nil
		case relation == other && name == file:
			free = false
		}
	}
	if !free {
		file = beside(file, sum)
	}
	return slot{file, false}, nil
}

// relation is what a new file is to the one that has its name.
type relation int

const (
	fresh relation = iota // there is none
	same
	grown
	other
)

// compare tells whether the file at path is what the new one begins with. Of a
// compressed file only its size can tell that it grew; fetched is the hash it has
// if it came from the same place.
func compare(path, partial, sum string, size int64, fetched string) (relation, error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fresh, nil
	}
	if err != nil {
		return other, err
	}
	if !info.Mode().IsRegular() {
		return other, nil
	}
	have, err := source.Hash(path)
	if err != nil {
		return other, err
	}
	if have == sum {
		return same, nil
	}
	if info.Size() >= size {
		return other, nil
	}
	begin, err := source.Prefixes(partial, []int64{info.Size()})
	if err != nil && !errors.Is(err, source.ErrCorrupt) { // that one is for the reading to say
		return other, err
	}
	if len(begin) > 0 && begin[0] == have || have == fetched && compressed(partial) && compressed(path) {
		return grown, nil
	}
	return other, nil
}

func compressed(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 4)
	n, _ := io.ReadFull(f, head)
	for _, magic := range [][]byte{{0x1f, 0x8b}, {0x28, 0xb5, 0x2f, 0xfd}, []byte("BZh"), []byte("PK\x03\x04")} {
		if bytes.HasPrefix(head[:n], magic) {
			return true
		}
	}
	return false
}

// beside is another name of the same shape: x.log.gz → x-1a2b3c4d5e6f.log.gz.
func beside(file, sum string) string {
	packed := ""
	for _, end := range []string{".gz", ".zst", ".bz2"} {
		if strings.HasSuffix(file, end) && len(file) > len(end) {
			file, packed = strings.TrimSuffix(file, end), end
		}
	}
	ext := filepath.Ext(file)
	return strings.TrimSuffix(file, ext) + "-" + sum[:12] + ext + packed
}
