#include "deflate.hh"

#include "handle.hh"

#include <algorithm>
#include <array>
#include <gio/gio.h>

namespace {

// All that the converter makes of the input, and no more than `most` octets.
Inflated converted(GConverter* converter, std::string_view input, std::size_t most)
{
    Inflated result;
    std::array<char, 4096> buffer;
    while (!result.is_whole) {
        gsize read = 0, written = 0;
        const auto end = g_converter_convert(
            converter, input.data() + result.read, input.size() - result.read, buffer.data(),
            buffer.size(), G_CONVERTER_INPUT_AT_END, &read, &written, nullptr);
        if (end == G_CONVERTER_ERROR)
            break;
        result.read += read;
        result.is_whole = end == G_CONVERTER_FINISHED && written <= most - result.octets.size();
        result.octets.append(buffer.data(), std::min(written, most - result.octets.size()));
        if (end == G_CONVERTER_FINISHED || result.octets.size() == most)
            break;
    }
    return result;
}

} // namespace

std::string deflated(std::string_view octets)
{
    constexpr int smallest = 9; // the level
    const GObjectHandle<GZlibCompressor> compressor(
        g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_RAW, smallest));
    return converted(G_CONVERTER(compressor.get()), octets, std::string::npos).octets;
}

Inflated inflated(std::string_view input, std::size_t most)
{
    const GObjectHandle<GZlibDecompressor> decompressor(
        g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_RAW));
    return converted(G_CONVERTER(decompressor.get()), input, most);
}
