package drawing

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"strconv"
	"strings"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"github.com/srwiley/rasterx"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// largest is the most pixels of a picture: 400 MB of memory.
const largest = 100e6

// PNG is a chart as a picture of so many pixels a user unit, in the colours of the day, on
// its ground. Its texts are set in the face they were measured in, so that none is cut.
func (c Chart) PNG(scale float64) ([]byte, error) {
	w, h := math.Ceil(c.W*scale), math.Ceil(c.H*scale)
	if w*h > largest {
		return nil, fmt.Errorf("drawing: a picture of %.0f × %.0f pixels is too large; "+
			"hint: draw fewer figures, or write an SVG", w, h)
	}
	p := painter{scale: scale, image: image.NewRGBA(image.Rect(0, 0, int(w), int(h))), fonts: map[face]font.Face{}}
	draw.Draw(p.image, p.image.Bounds(), image.NewUniform(named("ground")), image.Point{}, draw.Src)
	for _, list := range [][]shape{c.shapes, c.late} {
		for _, s := range list {
			if err := p.paint(s); err != nil {
				return nil, err
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, p.image); err != nil {
		return nil, fmt.Errorf("drawing: encode picture: %w", err)
	}
	return b.Bytes(), nil
}

// painter puts shapes on an image.
type painter struct {
	scale float64
	image *image.RGBA
	fonts map[face]font.Face
}

// paint puts one shape on the image.
func (p *painter) paint(s shape) error {
	var l look
	for _, next := range looksOf(s.class) {
		if next.text.size > 0 && s.kind != 't' {
			continue // of texts alone
		}
		l = l.under(next)
	}
	if s.kind == 't' {
		return p.text(s, l)
	}
	room := p.room(s, l.width)
	outline := p.outline(s, room.Min)
	if l.fill == "" && s.kind != 'l' {
		l.fill = "#000000" // as SVG has it
	}
	if fill, ok := paintOf(l.fill); ok && s.kind != 'l' {
		if l.opacity > 0 {
			fill.A = uint8(math.Round(255 * l.opacity))
		}
		f := rasterx.NewFiller(room.Dx(), room.Dy(), p.scanner(room))
		f.SetColor(fill)
		outline.AddTo(f)
		f.Draw()
	}
	if stroke, ok := paintOf(l.stroke); ok {
		p.stroke(outline, room, l, stroke)
	}
	return nil
}

// room is where a shape may leave a trace: a scanner of the whole image for each shape would
// look at each pixel of it.
func (p *painter) room(s shape, width float64) image.Rectangle {
	points := s.points
	switch s.kind {
	case 'r':
		points = []Point{{s.x, s.y}, {s.x + s.w, s.y + s.h}}
	case 'l':
		points = []Point{{s.x, s.y}, {s.x2, s.y2}}
	case 'd':
		points = []Point{{s.x - dotRadius, s.y - dotRadius}, {s.x + dotRadius, s.y + dotRadius}}
	}
	var r image.Rectangle
	edge := (2*max(width, 1) + 1) * p.scale // miters stand out
	for _, at := range points {
		if !math.IsNaN(at.Y) {
			r = r.Union(image.Rect(int(at.X*p.scale-edge), int(at.Y*p.scale-edge),
				int(at.X*p.scale+edge)+1, int(at.Y*p.scale+edge)+1))
		}
	}
	return r.Intersect(p.image.Rect)
}

func (p *painter) scanner(room image.Rectangle) rasterx.Scanner {
	return rasterx.NewScannerGV(room.Dx(), room.Dy(), p.image.SubImage(room).(draw.Image), room)
}

func (p *painter) stroke(outline rasterx.Path, room image.Rectangle, l look, stroke color.NRGBA) {
	d := rasterx.NewDasher(room.Dx(), room.Dy(), p.scanner(room))
	d.SetColor(stroke)
	cap, join := rasterx.ButtCap, rasterx.Miter
	if l.round {
		cap, join = rasterx.RoundCap, rasterx.Round
	}
	var dashes []float64
	for text := range strings.FieldsSeq(l.dash) {
		x, _ := strconv.ParseFloat(text, 64) // the looks are tested
		dashes = append(dashes, x*p.scale)
	}
	d.SetStroke(p.fixed(max(l.width, 1)), p.fixed(4), cap, cap, rasterx.RoundGap, join, dashes, 0)
	outline.AddTo(d)
	d.Draw()
}

// under gives what another look adds or changes.
func (l look) under(o look) look {
	for at, value := range map[*string]string{&l.fill: o.fill, &l.stroke: o.stroke, &l.dash: o.dash} {
		if value != "" {
			*at = value
		}
	}
	for at, value := range map[*float64]float64{&l.width: o.width, &l.opacity: o.opacity} {
		if value > 0 {
			*at = value
		}
	}
	l.round, l.halo = l.round || o.round, l.halo || o.halo
	return l
}

// outline is a shape as a path in pixels from origin.
func (p *painter) outline(s shape, origin image.Point) rasterx.Path {
	var path rasterx.Path
	at := func(x, y float64) fixed.Point26_6 {
		return fixed.Point26_6{X: p.fixed(x) - fixed.I(origin.X), Y: p.fixed(y) - fixed.I(origin.Y)}
	}
	switch s.kind {
	case 'r':
		path.Start(at(s.x, s.y))
		path.Line(at(s.x+s.w, s.y))
		path.Line(at(s.x+s.w, s.y+s.h))
		path.Line(at(s.x, s.y+s.h))
		path.Stop(true)
	case 'd':
		rasterx.AddCircle(s.x*p.scale-float64(origin.X), s.y*p.scale-float64(origin.Y), dotRadius*p.scale, &path)
	case 'l':
		path.Start(at(s.x, s.y))
		path.Line(at(s.x2, s.y2))
		path.Stop(false)
	case 'p', 'a':
		join(&path, s.points, s.kind == 'a', at)
	}
	return path
}

// join joins points, and leaves a gap where one is not known; one alone between two gaps
// gets a short stroke.
func join(path *rasterx.Path, points []Point, closed bool, at func(x, y float64) fixed.Point26_6) {
	drawn := false
	for i, p := range points {
		last := i+1 == len(points) || math.IsNaN(points[i+1].Y)
		switch {
		case math.IsNaN(p.Y):
			continue
		case drawn:
			path.Line(at(p.X, p.Y))
		default:
			path.Start(at(p.X, p.Y))
			if last {
				path.Line(at(p.X+0.1, p.Y))
			}
		}
		drawn = !last
		if last {
			path.Stop(closed)
		}
	}
}

// fixed is a user unit as pixels in 64ths.
func (p *painter) fixed(x float64) fixed.Int26_6 { return fixed.Int26_6(math.Round(x * p.scale * 64)) }

// text writes a text, over a ground of its own where the look asks for one.
func (p *painter) text(s shape, l look) error {
	f, err := p.font(faceOf(s.class))
	if err != nil {
		return err
	}
	width := font.MeasureString(f, s.text)
	at := fixed.Point26_6{X: p.fixed(s.x), Y: p.fixed(s.y)}
	switch s.anchor {
	case "middle":
		at.X -= width / 2
	case "end":
		at.X -= width
	}
	write := func(c color.NRGBA, dx, dy float64) {
		dot := fixed.Point26_6{X: at.X + p.fixed(dx), Y: at.Y + p.fixed(dy)}
		d := font.Drawer{Dst: p.image, Src: image.NewUniform(c), Face: f, Dot: dot}
		d.DrawString(s.text)
	}
	if stroke, ok := paintOf(l.stroke); ok && l.halo {
		const directions = 12
		for k := range directions {
			a := 2 * math.Pi * float64(k) / directions
			write(stroke, l.width/2*math.Cos(a), l.width/2*math.Sin(a))
		}
	}
	fill, _ := paintOf(l.fill)
	write(fill, 0, 0)
	return nil
}

// font is a face at the size of the picture.
func (p *painter) font(f face) (font.Face, error) {
	if set, ok := p.fonts[f]; ok {
		return set, nil
	}
	ttf := dejavusans.TTF
	if f.bold {
		ttf = dejavusansbold.TTF
	}
	parsed, err := opentype.Parse(ttf)
	if err != nil {
		return nil, fmt.Errorf("drawing: font: %w", err)
	}
	set, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: f.size * p.scale, DPI: 72})
	if err != nil {
		return nil, fmt.Errorf("drawing: font: %w", err)
	}
	p.fonts[f] = set
	return set, nil
}

// paintOf is a colour of a look; false for none.
func paintOf(name string) (color.NRGBA, bool) {
	if name == "" || name == "none" {
		return color.NRGBA{}, false
	}
	return named(name), true
}

// named is a colour by its name in the palette, or as #rrggbb.
func named(name string) color.NRGBA {
	for _, c := range palette {
		if c.name == name {
			name = c.day
		}
	}
	v, _ := strconv.ParseUint(strings.TrimPrefix(name, "#"), 16, 32) // the looks are tested
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
}
